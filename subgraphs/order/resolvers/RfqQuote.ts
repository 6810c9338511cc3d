import { toTimestamp } from '#shared/domain/clock.ts';
import { formatPrice } from '#shared/domain/price.ts';
import { formatQuantity } from '#shared/domain/quantity.ts';
import type { RfqQuoteResolvers } from '../__generated__/graphql.ts';
import type { OrderContext } from '../context.ts';
import { basisOf, type QuoteInScale } from './rfq-answers.ts';
import { scalesOf } from './scales.ts';

export const RfqQuote: RfqQuoteResolvers = {
  bidPrice: (quote, _args, context) => priceOf(quote, 'bid', context),
  bidQuantity: (quote, _args, context) => quantityOf(quote, 'bid', context),
  askPrice: (quote, _args, context) => priceOf(quote, 'ask', context),
  askQuantity: (quote, _args, context) => quantityOf(quote, 'ask', context),
  basis: (quote) => basisOf(quote, quote),
  createdAt: ({ createdAt }) => toTimestamp(createdAt),
  validUntil: ({ validUntil }) => toTimestamp(validUntil),
  withdrawnAt: ({ withdrawnAt }) => (withdrawnAt === null ? null : toTimestamp(withdrawnAt)),
};

function priceOf(quote: QuoteInScale, side: 'bid' | 'ask', context: OrderContext): string | null {
  const offered = quote[side];
  const { price } = scalesOf(context, quote.symbol);
  return offered === null ? null : formatPrice(offered.price, price);
}

function quantityOf(
  quote: QuoteInScale,
  side: 'bid' | 'ask',
  context: OrderContext,
): string | null {
  const offered = quote[side];
  const { quantity } = scalesOf(context, quote.symbol);
  return offered === null ? null : formatQuantity(offered.quantity, quantity);
}
