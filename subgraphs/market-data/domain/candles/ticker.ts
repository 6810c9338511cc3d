import { divideDown, ONE } from '#shared/domain/decimal.ts';
import { type Money, moneyOfUnits } from '#shared/domain/money.ts';
import { type Price, priceOfUnits } from '#shared/domain/price.ts';
import { type Quantity, quantityOfUnits } from '#shared/domain/quantity.ts';
import { type Candle, closeTimeOf, INTERVAL_MS } from './candle.ts';

const DAY_MS = INTERVAL_MS.ONE_DAY;
const MINUTE_MS = INTERVAL_MS.ONE_MINUTE;

/** Trading in the last 24 hours, a window that moves on with every minute. */
export interface Ticker {
  /** The time of the ticker, by the venue's clock. Milliseconds since the epoch. */
  readonly atMs: number;
  /** A full minute: inclusive, milliseconds since the epoch. */
  readonly fromMs: number;
  /** Exclusive: 24 hours later. */
  readonly toMs: number;
  readonly open: Price;
  readonly high: Price;
  readonly low: Price;
  readonly last: Price;
  /** Base units. */
  readonly volume: Quantity;
  /** Quote units. */
  readonly quoteVolume: Money;
  /** The mean price by volume, of the candles that have both volumes; null if nothing was traded. */
  readonly average: Price | null;
  readonly tradeCount: number;
  /**
   * Whether every trade of the window is known: none was lost, the feed has been received for this
   * long, and no figure is missing in an imported candle.
   */
  readonly isComplete: boolean;
}

/** Where the window of a moment's ticker ends: with the minute that the moment is in. */
export function windowEndOf(atMs: number): number {
  return Math.floor(atMs / MINUTE_MS) * MINUTE_MS + MINUTE_MS;
}

/**
 * The ticker of a moment, out of the minutes before it.
 * @param minutes one-minute candles, oldest first; others than those of the window do not count
 * @returns null if there is no candle in the window
 */
export function tickerAt(atMs: number, minutes: readonly Candle[]): Ticker | null {
  const toMs = windowEndOf(atMs);
  const fromMs = toMs - DAY_MS;
  const inside = minutes.filter(({ openTimeMs }) => openTimeMs >= fromMs && openTimeMs < toMs);
  const [first] = inside;
  if (first === undefined) return null;
  let { high, low, close: last } = first;
  let [volume, quoteVolume, tradeCount] = [0n, 0n, 0];
  const priced = { volume: 0n, quoteVolume: 0n };
  let endMs = first.openTimeMs;
  let isComplete = first.openTimeMs === fromMs;
  for (const candle of inside) {
    if (candle.high > high) high = candle.high;
    if (candle.low < low) low = candle.low;
    last = candle.close;
    volume += candle.volume;
    quoteVolume += candle.quoteVolume;
    if (candle.volume > 0n && candle.quoteVolume > 0n) {
      priced.volume += candle.volume;
      priced.quoteVolume += candle.quoteVolume;
    }
    tradeCount += candle.tradeCount;
    const isWhole = candle.loss === null && !lacksFigures(candle);
    if (!isWhole || candle.openTimeMs !== endMs) isComplete = false;
    endMs = closeTimeOf(candle);
  }
  return {
    atMs,
    fromMs,
    toMs,
    open: first.open,
    high,
    low,
    last,
    volume: quantityOfUnits(volume),
    quoteVolume: moneyOfUnits(quoteVolume),
    average:
      priced.volume === 0n
        ? null
        : priceOfUnits(divideDown(priced.quoteVolume * ONE, priced.volume)),
    tradeCount,
    isComplete,
  };
}

/** Whether a file has told only a part of a candle: what it does not contain is 0. */
function lacksFigures({ high, low, volume, quoteVolume, tradeCount }: Candle): boolean {
  const isTold = [volume > 0n, quoteVolume > 0n, tradeCount > 0];
  return (isTold.includes(true) || high !== low) && isTold.includes(false);
}

/** The change of the price in the window, in the quote asset; negative if it fell. */
export function changeOf({ open, last }: Ticker): bigint {
  return last - open;
}

/** The change as a share of the first price, in counts of 10^-18. */
export function changeRateOf(ticker: Ticker): bigint {
  return divideDown(changeOf(ticker) * ONE, ticker.open);
}
