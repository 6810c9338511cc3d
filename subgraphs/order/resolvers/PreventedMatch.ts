import { toTimestamp } from '#shared/domain/clock.ts';
import { formatPrice } from '#shared/domain/price.ts';
import { formatQuantity } from '#shared/domain/quantity.ts';
import type { PreventedMatchResolvers } from '../__generated__/graphql.ts';
import { scalesOf } from './scales.ts';

export const PreventedMatch: PreventedMatchResolvers = {
  price: ({ price, symbol }, _args, context) => formatPrice(price, scalesOf(context, symbol).price),
  takerPreventedQuantity: ({ takerQuantity, symbol }, _args, context) =>
    formatQuantity(takerQuantity, scalesOf(context, symbol).quantity),
  makerPreventedQuantity: ({ makerQuantity, symbol }, _args, context) =>
    formatQuantity(makerQuantity, scalesOf(context, symbol).quantity),
  at: ({ at }) => toTimestamp(at),
};
