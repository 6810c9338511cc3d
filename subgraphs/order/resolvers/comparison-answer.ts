import { toTimestamp } from '#shared/domain/clock.ts';
import { formatUnits } from '#shared/domain/decimal.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import { formatMoney } from '#shared/domain/money.ts';
import { formatPrice } from '#shared/domain/price.ts';
import { formatQuantity } from '#shared/domain/quantity.ts';
import type { QuoteExecution } from '../__generated__/graphql.ts';
import type { CompareExecutionOutcome } from '../domain/rfq/compare-execution.ts';
import { betterWay, type Comparison, filledShare, quoteHalf } from '../domain/rfq/comparison.ts';
import { middleOf } from '../domain/order-preview.ts';
import { orderPreviewAnswer } from './order-preview-answer.ts';

/** Both ways of a comparison, with amounts padded to the instrument's scales; the times are added by who answers. */
export function comparisonAnswer({
  rfq,
  comparison,
  replayed,
}: Extract<CompareExecutionOutcome, { readonly kind: 'compared' }>) {
  const { book, token } = comparison;
  const { instrument } = book;
  const middle = middleOf(book.quote);
  const better = betterWay(comparison);
  return {
    __typename: 'ExecutionComparison' as const,
    rfq,
    midPrice: middle === null ? null : formatUnits(middle, instrument?.priceScale),
    book: orderPreviewAnswer(book),
    filledShare: formatUnits(filledShare(book)),
    quote: instrument === null ? null : quoteAnswer(comparison, instrument),
    cheaper: better?.way ?? null,
    savings: better === null ? null : formatMoney(better.savings, instrument?.quoteScale),
    comparisonToken: token?.id ?? null,
    tokenExpiresAt: token === null ? null : toTimestamp(token.expiresAt),
    comparedAt: toTimestamp(book.at),
    replayed,
  };
}

function quoteAnswer(
  comparison: Comparison,
  { priceScale, quantityScale, quoteScale }: Instrument,
): QuoteExecution | null {
  const half = quoteHalf(comparison);
  if (half === null) return null;
  const { quote, price, quantity, total, slippageBps } = half;
  return {
    rfqId: quote.rfqId,
    quoteId: quote.id,
    price: formatPrice(price, priceScale),
    quantity: formatQuantity(quantity, quantityScale),
    total: formatMoney(total, quoteScale),
    slippageBps: slippageBps === null ? null : formatUnits(slippageBps),
    validUntil: toTimestamp(quote.validUntil),
  };
}
