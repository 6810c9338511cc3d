import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import {
  type Candle,
  CANDLE_INTERVALS,
  type CandleGapReason,
  type CandleInterval,
} from './candle.ts';
import { CandleSeries } from './candle-series.ts';
import type { MarketTrade } from './trade.ts';

/**
 * Book updates can arrive a little before the trades of the same instant, so they close a candle
 * only when the venue's clock is this far beyond its end.
 */
const GRACE_MS = 500;

/** The candles of one instrument in every interval. */
export class CandleChart {
  readonly #symbol: InstrumentSymbol;
  #series: ReadonlyMap<CandleInterval, CandleSeries>;
  /** Exchange time of the last trade before a restart, until the first one after it. */
  #restoredToMs: number | null;

  /** @param history what the store has from before the restart, trades oldest first */
  constructor(
    symbol: InstrumentSymbol,
    history: { readonly trades: readonly MarketTrade[]; readonly candles: readonly Candle[] },
  ) {
    this.#symbol = symbol;
    this.#series = seriesOf(symbol, history.candles);
    this.#restoredToMs = history.trades.at(-1)?.exchangeTimeMs ?? null;
  }

  /**
   * Counts one trade into every interval.
   * @returns the changed candles, in the order to publish them
   */
  add(trade: MarketTrade): Candle[] {
    // A recording that is played again begins before what is stored: its candles are built again,
    // instead of counting the same trades twice.
    if (this.#restoredToMs !== null && trade.exchangeTimeMs < this.#restoredToMs)
      this.#series = seriesOf(this.#symbol, []);
    this.#restoredToMs = null;
    return [...this.#series.values()].flatMap((series) => series.add(trade));
  }

  /**
   * The venue's clock has reached this time.
   * @returns the changed candles, in the order to publish them
   */
  advance(toMs: number): Candle[] {
    return [...this.#series.values()].flatMap((series) => series.advance(toMs - GRACE_MS));
  }

  /** The market begins here: see {@link CandleSeries.open}. */
  open(): void {
    for (const series of this.#series.values()) series.open();
  }

  /** From here to the next trade something may be missing. */
  interrupt(reason: CandleGapReason): void {
    for (const series of this.#series.values()) series.interrupt(reason);
  }

  /** The forming candle, otherwise the last closed one, otherwise null. */
  newest(interval: CandleInterval): Candle | null {
    return this.of(interval).newest();
  }

  /** The candles of one interval. */
  of(interval: CandleInterval): CandleSeries {
    return this.#series.get(interval) as CandleSeries;
  }
}

function seriesOf(
  symbol: InstrumentSymbol,
  restored: readonly Candle[],
): ReadonlyMap<CandleInterval, CandleSeries> {
  return new Map(
    CANDLE_INTERVALS.map((interval): [CandleInterval, CandleSeries] => [
      interval,
      new CandleSeries(
        symbol,
        interval,
        restored.filter((candle) => candle.interval === interval),
      ),
    ]),
  );
}
