import { toTimestamp } from '#shared/domain/clock.ts';
import { formatUnits } from '#shared/domain/decimal.ts';
import type { RfqQuoteResolvers } from '../__generated__/graphql.ts';

export const RfqQuote: RfqQuoteResolvers = {
  bidPrice: ({ bid }) => (bid === null ? null : formatUnits(bid.price)),
  bidQuantity: ({ bid }) => (bid === null ? null : formatUnits(bid.quantity)),
  askPrice: ({ ask }) => (ask === null ? null : formatUnits(ask.price)),
  askQuantity: ({ ask }) => (ask === null ? null : formatUnits(ask.quantity)),
  createdAt: ({ createdAt }) => toTimestamp(createdAt),
  validUntil: ({ validUntil }) => toTimestamp(validUntil),
  withdrawnAt: ({ withdrawnAt }) => (withdrawnAt === null ? null : toTimestamp(withdrawnAt)),
};
