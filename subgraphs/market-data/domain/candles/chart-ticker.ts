import type { CandleSeries } from './candle-series.ts';
import { type Ticker, tickerAt, windowEndOf } from './ticker.ts';

/**
 * The ticker of a market. It is calculated again only when its minutes have changed or its window
 * has moved on: every stream asks for it each second, and it is made of a day of minutes.
 */
export class ChartTicker {
  #minutes: CandleSeries | null = null;
  #version = 0;
  #toMs = 0;
  #ticker: Ticker | null = null;

  /** As {@link tickerAt}. @param minutes the market's one-minute candles */
  at(atMs: number, minutes: CandleSeries): Ticker | null {
    const toMs = windowEndOf(atMs);
    const isSame = this.#minutes === minutes && this.#version === minutes.version;
    if (!isSame || this.#toMs !== toMs) {
      this.#ticker = tickerAt(atMs, minutes.between(-Infinity, Infinity));
      this.#minutes = minutes;
      this.#version = minutes.version;
      this.#toMs = toMs;
    }
    return this.#ticker === null ? null : { ...this.#ticker, atMs };
  }
}
