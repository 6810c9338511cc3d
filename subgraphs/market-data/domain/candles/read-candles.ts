import type { Candle, CandleInterval } from './candle.ts';
import type { CandleRange } from '../history.ts';
import type { MarketState } from '../market-state.ts';

/** Answers one range of stored candles; calls made together become one statement. */
export type LoadCandles = (range: CandleRange) => Promise<readonly Candle[]>;

/** Which candles are asked for. */
export interface CandleQuery {
  readonly interval: CandleInterval;
  /** Inclusive; null for none. */
  readonly fromMs: number | null;
  /** Exclusive; null for none. */
  readonly toMs: number | null;
  /** Continue after the candle that opens here; null for the first page. */
  readonly afterMs: number | null;
  readonly count: number;
}

/**
 * Candles of a market, from memory as far as it reaches and from the store before that. With
 * `fromMs` the oldest from there, oldest first; without it the latest, newest first.
 * @returns at most `count`
 */
export async function readCandles(
  market: MarketState,
  query: CandleQuery,
  load: LoadCandles,
): Promise<readonly Candle[]> {
  const { interval, fromMs, toMs, afterMs, count } = query;
  const isAscending = fromMs !== null;
  // A cursor may come from a list without these ends, so each bounds the other.
  const lowerMs = isAscending ? Math.max(fromMs, (afterMs ?? -Infinity) + 1) : -Infinity;
  const upperMs = Math.min(toMs ?? Infinity, isAscending ? Infinity : (afterMs ?? Infinity));
  const series = market.chart.of(interval);
  const inMemory = series.between(lowerMs, upperMs);
  // Memory has very many, and often one is asked for.
  const kept = isAscending ? inMemory.slice(0, count) : inMemory.slice(-count);
  const range = {
    symbol: market.instrument.symbol,
    interval,
    fromMs: lowerMs,
    // What is missing in memory, or is older, may have been imported since.
    toMs: series.hasGaps() ? upperMs : Math.min(upperMs, series.oldestOpenTimeMs() + 1),
  };
  const order = isAscending ? 'oldestFirst' : 'newestFirst';
  const isEnough = !isAscending && !series.hasGaps() && kept.length >= count;
  const isStored = range.fromMs < range.toMs && !isEnough;
  const stored = isStored ? await load({ ...range, order, limit: count }) : [];
  return merged(stored, kept, order).slice(0, count);
}

/**
 * Of one that is in both, memory has the newer state, unless a file has made the other one whole; what
 * lies before it the store knows best, where files are imported.
 */
function merged(
  stored: readonly Candle[],
  kept: readonly Candle[],
  order: CandleRange['order'],
): readonly Candle[] {
  const all = new Map(stored.map((candle) => [candle.openTimeMs, candle]));
  for (const candle of kept) {
    const other = all.get(candle.openTimeMs);
    const isRepaired = candle.loss !== null && other?.loss === null && other.source !== 'TRADES';
    if (!isRepaired) all.set(candle.openTimeMs, { ...candle, gap: (other ?? candle).gap });
  }
  const sign = order === 'oldestFirst' ? 1 : -1;
  return [...all.values()].toSorted((a, b) => sign * (a.openTimeMs - b.openTimeMs));
}
