import { formatUnits } from '#shared/domain/decimal.ts';
import type { QuoteBasisResolvers } from '../__generated__/graphql.ts';

export const QuoteBasis: QuoteBasisResolvers = {
  books: ({ books }) => [...books],
  midPrice: ({ midPrice }) => formatUnits(midPrice),
  walkedAskPrice: ({ walkedAskPrice }) =>
    walkedAskPrice === null ? null : formatUnits(walkedAskPrice),
  walkedBidPrice: ({ walkedBidPrice }) =>
    walkedBidPrice === null ? null : formatUnits(walkedBidPrice),
  spreadBps: ({ spreadBps }) => formatUnits(spreadBps),
  skewBps: ({ skewBps }) => formatUnits(skewBps),
  volatilityBps: ({ volatilityBps }) => formatUnits(volatilityBps),
};
