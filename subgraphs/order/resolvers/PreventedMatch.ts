import { toTimestamp } from '#shared/domain/clock.ts';
import { formatPrice } from '#shared/domain/price.ts';
import { formatQuantity } from '#shared/domain/quantity.ts';
import type { PreventedMatchResolvers } from '../__generated__/graphql.ts';
import type { PreventedMatch as Match } from '../domain/prevented-match.ts';
import type { OrderUseCases } from '../use-cases.ts';
import { scalesOf } from './scales.ts';

export const PreventedMatch: PreventedMatchResolvers = {
  makerOrderId: async (match, _args, { useCases }) =>
    (await isMakerSeen(match, useCases)) ? match.makerOrderId : null,
  price: async (match, _args, context) =>
    (await isMakerSeen(match, context.useCases))
      ? formatPrice(match.price, scalesOf(context, match.symbol).price)
      : null,
  takerPreventedQuantity: ({ takerQuantity, symbol }, _args, context) =>
    formatQuantity(takerQuantity, scalesOf(context, symbol).quantity),
  makerPreventedQuantity: ({ makerQuantity, symbol }, _args, context) =>
    formatQuantity(makerQuantity, scalesOf(context, symbol).quantity),
  at: ({ at }) => toTimestamp(at),
};

/** Who shares the incoming order's account need not see the other account of its user. */
async function isMakerSeen({ makerOrderId }: Match, useCases: OrderUseCases): Promise<boolean> {
  return (await useCases.order(makerOrderId)) !== null;
}
