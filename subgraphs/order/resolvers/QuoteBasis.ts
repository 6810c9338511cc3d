import { toTimestamp } from '#shared/domain/clock.ts';
import { formatUnits } from '#shared/domain/decimal.ts';
import type { QuoteBasisResolvers } from '../__generated__/graphql.ts';

export const QuoteBasis: QuoteBasisResolvers = {
  books: ({ books }) => [...books],
  midPrice: ({ midPrice }) => formatUnits(midPrice),
  walkedAskPrice: ({ walkedAskPrice }) =>
    walkedAskPrice === null ? null : formatUnits(walkedAskPrice),
  walkedBidPrice: ({ walkedBidPrice }) =>
    walkedBidPrice === null ? null : formatUnits(walkedBidPrice),
  takenAskQuantity: ({ taken }) => formatUnits(taken.ask),
  takenBidQuantity: ({ taken }) => formatUnits(taken.bid),
  spreadBps: ({ spreadBps }) => formatUnits(spreadBps),
  skewBps: ({ skewBps }) => formatUnits(skewBps),
  outside: ({ outside }) =>
    outside === null ? null : { ...outside, askedAt: toTimestamp(outside.askedAt) },
  volatilityBps: ({ volatilityBps }) => formatUnits(volatilityBps),
};
