import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import {
  type Candle,
  CANDLE_INTERVALS,
  closeTimeOf,
  type CandleGapReason,
  type CandleInterval,
} from './candle.ts';
import { CandleSeries } from './candle-series.ts';
import type { MarketTrade } from '../trade.ts';

/**
 * Book updates can arrive a little before the trades of the same instant, so they close a candle
 * only when the venue's clock is this far beyond its end.
 */
const GRACE_MS = 500;

/** What the store has from before a restart, trades oldest first. */
interface Restored {
  readonly trades: readonly MarketTrade[];
  readonly candles: readonly Candle[];
}

/** The candles of one instrument in every interval. */
export class CandleChart {
  readonly #symbol: InstrumentSymbol;
  #series: ReadonlyMap<CandleInterval, CandleSeries>;
  /** Until the first trade after the restart. */
  #restored: Restored | null;

  constructor(symbol: InstrumentSymbol, restored: Restored) {
    this.#symbol = symbol;
    this.#series = seriesOf(symbol, candlesOf(restored));
    this.#restored = restored;
  }

  /**
   * Counts one trade into every interval.
   * @returns the changed candles, in the order to publish them
   */
  add(trade: MarketTrade): Candle[] {
    // Its candles are built again, instead of counting the same trades twice.
    if (this.#restored !== null && isPlayedAgain(trade, this.#restored))
      this.#series = seriesOf(this.#symbol, []);
    this.#restored = null;
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

  /**
   * From here to the next trade something may be missing: see {@link CandleSeries.interrupt}.
   * @returns the changed candles, in the order to publish them
   */
  interrupt(reason: CandleGapReason, sinceMs?: number): Candle[] {
    return [...this.#series.values()].flatMap((series) => series.interrupt(reason, sinceMs));
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

/**
 * Whether the first trade after a restart is from a recording that is played again: it is one of those
 * that are stored, or before all of them. A late trade of a venue is neither.
 */
function isPlayedAgain(trade: MarketTrade, { trades, candles }: Restored): boolean {
  const { tradeId, exchangeTimeMs } = trade;
  if (trades.length === 0) return candles.some(({ openTimeMs }) => openTimeMs > exchangeTimeMs);
  return (
    trades.some((known) => known.tradeId === tradeId && known.exchangeTimeMs === exchangeTimeMs) ||
    trades.every((known) => exchangeTimeMs < known.exchangeTimeMs)
  );
}

/** The last trade of a candle was none after the newest that is stored: a late one before that is not its close. */
function candlesOf({ trades, candles }: Restored): readonly Candle[] {
  const restoredToMs = Math.max(...trades.map(({ exchangeTimeMs }) => exchangeTimeMs));
  return candles.map((candle) => {
    const lastMs = Math.min(restoredToMs, closeTimeOf(candle) - 1);
    return { ...candle, lastTradeAtMs: Math.max(candle.lastTradeAtMs, lastMs) };
  });
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
