import { toTimestamp } from '#shared/domain/clock.ts';
import { formatUnits } from '#shared/domain/decimal.ts';
import type { QuoteBasisResolvers } from '../__generated__/graphql.ts';
import { scalesOf } from './scales.ts';

export const QuoteBasis: QuoteBasisResolvers = {
  books: ({ books }) => [...books],
  midPrice: ({ midPrice, symbol }, _args, context) =>
    formatUnits(midPrice, scalesOf(context, symbol).price),
  walkedAskPrice: ({ walkedAskPrice, symbol }, _args, context) =>
    walkedAskPrice === null ? null : formatUnits(walkedAskPrice, scalesOf(context, symbol).price),
  walkedBidPrice: ({ walkedBidPrice, symbol }, _args, context) =>
    walkedBidPrice === null ? null : formatUnits(walkedBidPrice, scalesOf(context, symbol).price),
  takenAskQuantity: ({ taken, symbol }, _args, context) =>
    formatUnits(taken.ask, scalesOf(context, symbol).quantity),
  takenBidQuantity: ({ taken, symbol }, _args, context) =>
    formatUnits(taken.bid, scalesOf(context, symbol).quantity),
  spreadBps: ({ spreadBps }) => formatUnits(spreadBps),
  skewBps: ({ skewBps }) => formatUnits(skewBps),
  outside: ({ outside }) =>
    outside === null ? null : { ...outside, askedAt: toTimestamp(outside.askedAt) },
  volatilityBps: ({ volatilityBps }) => formatUnits(volatilityBps),
};
