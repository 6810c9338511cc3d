import { toTimestamp } from '#shared/domain/clock.ts';
import { formatUnits } from '#shared/domain/decimal.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { formatMoney } from '#shared/domain/money.ts';
import { formatPrice } from '#shared/domain/price.ts';
import { formatQuantity } from '#shared/domain/quantity.ts';
import type { FillResolvers } from '../__generated__/graphql.ts';
import { scalesOf } from './scales.ts';

export const Fill: FillResolvers = {
  order: async ({ id, orderId }, _args, { loaders }) => {
    const order = await loaders.order(orderId);
    invariant(order !== null, `fill ${id} has no order`);
    return order;
  },
  instrument: ({ symbol }) => ({ symbol }),
  price: ({ price, symbol }, _args, context) => formatPrice(price, scalesOf(context, symbol).price),
  quantity: ({ quantity, symbol }, _args, context) =>
    formatQuantity(quantity, scalesOf(context, symbol).quantity),
  quoteQuantity: ({ quoteQuantity, symbol }, _args, context) =>
    formatMoney(quoteQuantity, scalesOf(context, symbol).quote),
  fee: ({ fee, symbol }, _args, context) => formatMoney(fee, scalesOf(context, symbol).quote),
  priceImprovement: ({ priceImprovement, symbol }, _args, context) =>
    priceImprovement === null
      ? null
      : formatPrice(priceImprovement, scalesOf(context, symbol).price),
  feeRate: ({ feeRate }) => formatUnits(feeRate),
  sequence: ({ sequence }) => sequence.toString(),
  executedAt: ({ executedAt }) => toTimestamp(executedAt),
};
