import { toTimestamp } from '#shared/domain/clock.ts';
import { formatMoney, type Money } from '#shared/domain/money.ts';
import { formatPrice, parsePrice, type Price } from '#shared/domain/price.ts';
import { formatQuantity } from '#shared/domain/quantity.ts';
import type { PositionResolvers } from '../__generated__/graphql.ts';
import type { OrderContext } from '../context.ts';
import {
  averageEntryPrice,
  marketValue,
  positionQuantity,
  positionSide,
  unrealizedPnl,
} from '../domain/position.ts';
import { positionId } from '../domain/use-cases/read-orders.ts';
import type { MarkedPosition } from './entities.ts';
import { scalesOf } from './scales.ts';

/** What the gateway sends where a field requires the instrument's mark price. */
interface PositionKey {
  readonly id: string;
  readonly instrument?: { readonly markPrice?: string | null } | null;
}

export const Position: PositionResolvers = {
  __resolveReference: async (reference, { useCases }) => {
    const { id, instrument } = reference as PositionKey;
    const position = await useCases.position(id);
    const markPrice = instrument?.markPrice;
    return position && { ...position, markPrice: markPrice == null ? null : parsePrice(markPrice) };
  },
  id: (position) => positionId(position),
  account: ({ accountId }) => ({ id: accountId }),
  instrument: ({ symbol }) => ({ symbol }),
  side: (position) => positionSide(position),
  quantity: (position, _args, context) =>
    formatQuantity(positionQuantity(position), scalesOf(context, position.symbol).quantity),
  averageEntryPrice: (position, _args, context) => {
    const price = averageEntryPrice(position);
    return price === null ? null : formatPrice(price, scalesOf(context, position.symbol).price);
  },
  costBasis: ({ entryCost, symbol }, _args, context) =>
    formatMoney(entryCost, scalesOf(context, symbol).quote),
  marketValue: (position, _args, context) => atMarkPrice(position, context, marketValue),
  unrealizedPnl: (position, _args, context) => atMarkPrice(position, context, unrealizedPnl),
  realizedPnl: ({ realizedPnl, symbol }, _args, context) =>
    formatMoney(realizedPnl, scalesOf(context, symbol).quote),
  fees: ({ fees, symbol }, _args, context) => formatMoney(fees, scalesOf(context, symbol).quote),
  updatedAt: ({ updatedAt }) => toTimestamp(updatedAt),
};

/** Null without a mark price: never a silent old number. */
function atMarkPrice(
  position: MarkedPosition,
  context: OrderContext,
  valueOf: (position: MarkedPosition, markPrice: Price) => Money,
): string | null {
  const { markPrice, symbol } = position;
  if (markPrice === null || markPrice === undefined) return null;
  return formatMoney(valueOf(position, markPrice), scalesOf(context, symbol).quote);
}
