import { toTimestamp } from '#shared/domain/clock.ts';
import { formatPrice } from '#shared/domain/price.ts';
import { formatQuantity } from '#shared/domain/quantity.ts';
import type { RfqAcceptResolvers } from '../__generated__/graphql.ts';
import { scalesOf } from './scales.ts';

export const RfqAccept: RfqAcceptResolvers = {
  quantity: ({ quantity, symbol }, _args, context) =>
    formatQuantity(quantity, scalesOf(context, symbol).quantity),
  price: ({ price, symbol }, _args, context) => formatPrice(price, scalesOf(context, symbol).price),
  acceptedAt: ({ acceptedAt }) => toTimestamp(acceptedAt),
};
