import { toTimestamp } from '#shared/domain/clock.ts';
import { formatPrice } from '#shared/domain/price.ts';
import { formatQuantity } from '#shared/domain/quantity.ts';
import type { QuotedLevelResolvers } from '../__generated__/graphql.ts';
import type { OrderContext } from '../context.ts';
import { basisOf, type LevelInScale } from './rfq-answers.ts';
import { scalesOf } from './scales.ts';

export const QuotedLevel: QuotedLevelResolvers = {
  quantity: ({ size, symbol }, _args, context) =>
    formatQuantity(size, scalesOf(context, symbol).quantity),
  quoteId: (shown) => (shown.kind === 'firm' ? shown.quoteId : null),
  bidPrice: (shown, _args, context) => priceOf(shown, 'bid', context),
  askPrice: (shown, _args, context) => priceOf(shown, 'ask', context),
  validUntil: (shown) => (shown.kind === 'firm' ? toTimestamp(shown.level.validUntil) : null),
  basis: (shown) => (shown.kind === 'firm' ? basisOf(shown.level, shown) : null),
  refusal: (shown) => (shown.kind === 'none' ? shown.refusal : null),
};

function priceOf(shown: LevelInScale, side: 'bid' | 'ask', context: OrderContext): string | null {
  const offered = shown.kind === 'firm' ? shown.level[side] : null;
  return offered === null
    ? null
    : formatPrice(offered.price, scalesOf(context, shown.symbol).price);
}
