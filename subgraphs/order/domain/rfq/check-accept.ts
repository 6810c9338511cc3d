import type { ClientOrderId, InstrumentSymbol, QuoteId } from '#shared/domain/ids.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import { formatPrice, type Price } from '#shared/domain/price.ts';
import { formatQuantity, type Quantity } from '#shared/domain/quantity.ts';
import type { OrderSide } from '../order.ts';
import { isFirm, type PricedQuote, quoteSideFor, type RfqQuote } from './rfq-quote.ts';
import { type RfqRefusal, rfqRefusal } from './rfq-refusal.ts';
import { acceptOf, type Rfq } from './rfq.ts';

/** The quote's terms, repeated by the accept. Each term has its own refusal reason. */
export interface AcceptTerms {
  readonly quoteId: QuoteId;
  readonly symbol: InstrumentSymbol;
  readonly side: OrderSide;
  readonly quantity: Quantity;
  readonly price: Price;
  readonly clientOrderId: ClientOrderId;
  readonly maxSlippageBps: number;
}

/**
 * Why an accept is refused; null if its terms match the quote and it is in time.
 * @param quote the quote with that id; undefined if the request never had it
 * @param arrivedAt by this server's clock, milliseconds since the epoch; an accept at exactly `validUntil` is too late
 */
export function acceptRefusal(
  terms: AcceptTerms,
  rfq: Rfq,
  quote: RfqQuote | undefined,
  arrivedAt: number,
  instrument: Instrument,
): RfqRefusal | null {
  if (quote === undefined)
    return rfqRefusal('QUOTE_NOT_FOUND', 'The request never had such a quote.');
  if (acceptOf(rfq) !== null) return usedRefusal('The request has already been accepted.');
  if (rfq.state.status === 'CANCELED' || quote.withdrawnAt !== null)
    return rfqRefusal('QUOTE_WITHDRAWN', 'The quote has been withdrawn.');
  if (!isFirm(quote, arrivedAt) || rfq.state.status === 'EXPIRED') return expiredRefusal(quote);
  if (!isQuotedBy(quote, rfq))
    return rfqRefusal('QUOTE_WITHDRAWN', 'The desk no longer stands by this quote.');
  return termsRefusal(terms, rfq, quote, instrument);
}

/**
 * Whether the one who made a quote still quotes. It may have expired before that one stopped, so that it was not
 * withdrawn, and an accept that arrived in time has waited for its turn since.
 */
function isQuotedBy({ source }: RfqQuote, { state, traderId }: Rfq): boolean {
  return state.status === 'QUOTED' && (source === 'TRADER') === (traderId !== null);
}

/** QUOTE_ALREADY_USED */
export function usedRefusal(message: string): RfqRefusal {
  return rfqRefusal('QUOTE_ALREADY_USED', message);
}

function expiredRefusal({ validUntil }: RfqQuote): RfqRefusal {
  const limit = new Date(validUntil).toISOString();
  return rfqRefusal('QUOTE_EXPIRED', `The quote was valid until ${limit}.`, {
    rule: 'validUntil',
    limit,
  });
}

/** The refusal for the first repeated term that differs from the quote; null if all match. */
export function termsRefusal(
  terms: AcceptTerms,
  { symbol }: Pick<Rfq, 'symbol'>,
  quote: PricedQuote,
  { priceScale, quantityScale }: Instrument,
): RfqRefusal | null {
  if (terms.symbol !== symbol)
    return rfqRefusal('INSTRUMENT_MISMATCH', `The quote is for ${symbol}.`, {
      rule: 'symbol',
      limit: symbol,
      actual: terms.symbol,
    });
  const offered = quoteSideFor(terms.side, quote);
  if (offered === null)
    return rfqRefusal('SIDE_MISMATCH', `The quote has no price for a ${terms.side}.`, {
      rule: 'side',
      actual: terms.side,
    });
  if (terms.price !== offered.price) {
    const [limit, actual] = [offered.price, terms.price].map((one) => formatPrice(one, priceScale));
    return mismatch('PRICE_MISMATCH', 'price', limit, actual);
  }
  if (terms.quantity !== offered.quantity) {
    const both = [offered.quantity, terms.quantity];
    const [limit, actual] = both.map((one) => formatQuantity(one, quantityScale));
    return mismatch('QUANTITY_MISMATCH', 'quantity', limit, actual);
  }
  return null;
}

function mismatch(
  reason: 'PRICE_MISMATCH' | 'QUANTITY_MISMATCH',
  rule: string,
  limit = '',
  actual = '',
): RfqRefusal {
  const message = `The quote's ${rule} is ${limit}, not ${actual}.`;
  return rfqRefusal(reason, message, { rule, limit, actual, nearestValid: limit });
}

/** Whether an accept repeats the one that the request already had, and so gets the same answer. */
export function isSameAccept(terms: AcceptTerms, rfq: Rfq): boolean {
  const accept = acceptOf(rfq);
  return (
    accept?.quoteId === terms.quoteId &&
    accept.side === terms.side &&
    accept.price === terms.price &&
    accept.quantity === terms.quantity &&
    accept.clientOrderId === terms.clientOrderId &&
    accept.maxSlippageBps === terms.maxSlippageBps &&
    rfq.symbol === terms.symbol
  );
}
