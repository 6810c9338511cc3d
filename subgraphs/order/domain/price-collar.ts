import { divideDown, divideUp, ONE } from '#shared/domain/decimal.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import { midPrice, type Price, priceOfUnits } from '#shared/domain/price.ts';
import type { OrderSide } from './order.ts';

/** The top of the market as orders are checked against it. */
export interface ReferenceQuote {
  /** Null when nobody bids. */
  readonly bidPrice: Price | null;
  /** Null when nobody asks. */
  readonly askPrice: Price | null;
  /** Milliseconds since the epoch. */
  readonly receivedAtMs: number;
  /** The feed itself says that this is not to be traded on. */
  readonly suspended: boolean;
}

/** The prices an order may have, both ends included and on the tick. */
export interface PriceCollar {
  readonly lowest: Price;
  readonly highest: Price;
}

/** Young enough to trade on: at exactly the instrument's greatest age it still is. */
export function isQuoteFresh(
  quote: ReferenceQuote,
  { maxQuoteAgeMs }: Pick<Instrument, 'maxQuoteAgeMs'>,
  nowMs: number,
): boolean {
  return !quote.suspended && nowMs - quote.receivedAtMs <= maxQuoteAgeMs;
}

/** What prices are measured against: the middle, or the one side that there is. */
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

/** How many times the price of its entry, or of the market, a take-profit may be. */
const FARTHEST_TAKE_PROFIT = 10n;

/**
 * The prices a take-profit may have around a reference. At its near end it would sell now, as any order would; at its far
 * end it waits, and the distance is the client's to choose, up to what can only be a slip.
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

/** The collar's far end for a side: a MARKET order trades no worse than this. */
export function worstPriceWithin({ lowest, highest }: PriceCollar, side: OrderSide): Price {
  return side === 'BUY' ? highest : lowest;
}
