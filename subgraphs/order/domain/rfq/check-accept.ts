import type { ClientOrderId, InstrumentSymbol, QuoteId } from '#shared/domain/ids.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import { formatPrice, type Price } from '#shared/domain/price.ts';
import { formatQuantity, type Quantity } from '#shared/domain/quantity.ts';
import type { OrderSide } from '../order.ts';
import { isFirm, type PricedQuote, quoteSideFor, type RfqQuote } from './rfq-quote.ts';
import { type RfqRefusal, rfqRefusal } from './rfq-refusal.ts';
import { acceptOf, type Rfq } from './rfq.ts';

/** The terms that an accept echoes; each that differs from the quote has a reason of its own. */
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
 * What is wrong with an accept; null if its terms are the quote's and it is in time.
 * @param quote the quote of that id; undefined if the request never had it
 * @param arrivedAt by our clock, milliseconds since the epoch; at `validUntil` exactly it is too late
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
  return termsRefusal(terms, rfq, quote, instrument);
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

/** Which of the terms that an accept echoes is not what was quoted; null when all are. */
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

/** Whether an accept is the one that a request has had, so that it is answered the same again. */
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
