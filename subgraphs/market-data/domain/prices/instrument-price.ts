import { type Candle, closeTimeOf } from '../candles/candle.ts';
import type { MarketState } from '../market-state.ts';
import { markPriceOf } from './mark-price.ts';
import { midOf } from '../quote.ts';

/** What an instrument's base asset is worth in its quote asset. */
export interface InstrumentPrice {
  /** A count of 10^-18. */
  readonly units: bigint;
  /** Whether it is only the last one that is known. */
  readonly stale: boolean;
}

/** The mark price; without one, the mid price of the newest quote or that of the last trade, which are never fresh. */
export function presentPriceOf(market: MarketState, nowMs: number): InstrumentPrice | null {
  const mark = markPriceOf(market, nowMs);
  if (mark !== null) return { units: mark, stale: false };
  const units = (market.quote && midOf(market.quote)) ?? market.tape.newest()?.price ?? null;
  return units === null ? null : { units, stale: true };
}

/**
 * The price at the end of an interval.
 * @param candle the last one that opened before the end: fresh if it is over and ends there, has a trade and lacks none
 */
export function closingPriceOf(candle: Candle, endMs: number): InstrumentPrice {
  const isOfEnd = closeTimeOf(candle) === endMs && candle.closed;
  return { units: candle.close, stale: !isOfEnd || !hasTrade(candle) || candle.loss !== null };
}

/** Many files do not say how much was traded. */
function hasTrade({ source, tradeCount }: Candle): boolean {
  return source !== 'TRADES' || tradeCount > 0;
}
