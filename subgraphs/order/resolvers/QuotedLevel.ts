import { toTimestamp } from '#shared/domain/clock.ts';
import { formatUnits } from '#shared/domain/decimal.ts';
import type { QuotedLevelResolvers } from '../__generated__/graphql.ts';
import type { ShownLevel } from '../domain/rfq/price-level.ts';

export const QuotedLevel: QuotedLevelResolvers = {
  quantity: ({ size }) => formatUnits(size),
  quoteId: (shown) => (shown.kind === 'firm' ? shown.quoteId : null),
  bidPrice: (shown) => priceOf(shown, 'bid'),
  askPrice: (shown) => priceOf(shown, 'ask'),
  validUntil: (shown) => (shown.kind === 'firm' ? toTimestamp(shown.level.validUntil) : null),
  basis: (shown) => (shown.kind === 'firm' ? shown.level.basis : null),
  refusal: (shown) => (shown.kind === 'none' ? shown.refusal : null),
};

function priceOf(shown: ShownLevel, side: 'bid' | 'ask'): string | null {
  const offered = shown.kind === 'firm' ? shown.level[side] : null;
  return offered === null ? null : formatUnits(offered.price);
}
