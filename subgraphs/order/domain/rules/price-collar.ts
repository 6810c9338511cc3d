import { ageOf } from '#shared/domain/age.ts';
import { divideDown, divideUp, ONE } from '#shared/domain/decimal.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import { midPrice, type Price, priceOfUnits } from '#shared/domain/price.ts';
import type { OrderSide } from '../order.ts';

/** The top of the market as orders are checked against it. */
export interface ReferenceQuote {
  /** Null if there are no bids. */
  readonly bidPrice: Price | null;
  /** Null if there are no asks. */
  readonly askPrice: Price | null;
  /** Milliseconds since the epoch. */
  readonly receivedAtMs: number;
  /** Not to be traded on: the feed itself says so, or no depth was heard with it. */
  readonly suspended: boolean;
}

/** The prices an order can have, both ends included and on the tick. */
export interface PriceCollar {
  readonly lowest: Price;
  readonly highest: Price;
}

/** Young enough to trade on: at exactly the instrument's maximum age it still is. */
export function isQuoteFresh(
  quote: ReferenceQuote,
  { maxQuoteAgeMs }: Pick<Instrument, 'maxQuoteAgeMs'>,
  nowMs: number,
): boolean {
  return !quote.suspended && ageOf(quote.receivedAtMs, nowMs) <= maxQuoteAgeMs;
}

/**
 * A quote that says where the market is now; null for a stale one, and for one whose bid is above its
 * ask: it does not say which of them is the market, and the house offers nothing meanwhile.
 */
export function tradableQuote(
  quote: ReferenceQuote | null,
  instrument: Pick<Instrument, 'maxQuoteAgeMs'>,
  nowMs: number,
): ReferenceQuote | null {
  if (quote === null || !isQuoteFresh(quote, instrument, nowMs)) return null;
  const { bidPrice, askPrice } = quote;
  return bidPrice !== null && askPrice !== null && bidPrice > askPrice ? null : quote;
}

/** The reference for prices: the mid price, or the only side there is. */
export function referencePrice({ bidPrice, askPrice }: ReferenceQuote): Price | null {
  if (bidPrice === null || askPrice === null) return bidPrice ?? askPrice;
  return midPrice(bidPrice, askPrice);
}

/** The collar around a reference, rounded inwards to the tick; null if no tick lies within. */
export function priceCollar(
  reference: Price,
  { collarRate, tickSize }: Pick<Instrument, 'collarRate' | 'tickSize'>,
): PriceCollar | null {
  const lowestShare = collarRate < ONE ? ONE - collarRate : 0n;
  const lowestTicks = divideUp(reference * lowestShare, ONE * tickSize);
  const highest = divideDown(reference * (ONE + collarRate), ONE * tickSize) * tickSize;
  const lowest = lowestTicks > 0n ? lowestTicks * tickSize : tickSize;
  if (lowest > highest) return null;
  return { lowest: priceOfUnits(lowest), highest: priceOfUnits(highest) };
}

/** How many times the price of its entry, or of the market, a take-profit can be. */
const FARTHEST_TAKE_PROFIT = 10n;

/**
 * The prices a take-profit can have around a reference. At its near end it would sell now, like any
 * order; at its far end it waits, and the distance is the client's choice, up to what can only be a
 * mistake.
 */
export function takeProfitCollar(
  reference: Price,
  instrument: Pick<Instrument, 'collarRate' | 'tickSize'>,
): PriceCollar | null {
  const collar = priceCollar(reference, instrument);
  if (collar === null) return null;
  const { tickSize } = instrument;
  const highest = divideDown(reference * FARTHEST_TAKE_PROFIT, tickSize) * tickSize;
  return { ...collar, highest: priceOfUnits(highest) };
}

/** The collar's far end for a side: a MARKET order trades at no worse price. */
export function worstPriceWithin({ lowest, highest }: PriceCollar, side: OrderSide): Price {
  return side === 'BUY' ? highest : lowest;
}
