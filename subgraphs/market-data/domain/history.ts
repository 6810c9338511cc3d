import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import type { Period } from '#shared/domain/period.ts';
import type { Candle, CandleInterval } from './candles/candle.ts';
import type { MarketTrade } from './trade.ts';

/** A range of stored candles: `fromMs` ≤ open time < `toMs`; ±Infinity leaves an end open. */
export interface CandleRange {
  readonly symbol: InstrumentSymbol;
  readonly interval: CandleInterval;
  readonly fromMs: number;
  readonly toMs: number;
  /** The end to count from, and the order of the answer. */
  readonly order: 'oldestFirst' | 'newestFirst';
  readonly limit: number;
}

/** Stored trades below a sequence, newest first; Infinity for the newest of all. */
export interface TradeRange {
  readonly symbol: InstrumentSymbol;
  readonly before: number;
  readonly limit: number;
}

/** The position of a trade in a list by time; trades of one time are ordered by sequence. */
export type TradePosition = Pick<MarketTrade, 'exchangeTimeMs' | 'sequence'>;

/** Stored trades of a period by the venue's clock, newest first. */
export interface TimedTradeRange {
  readonly symbol: InstrumentSymbol;
  readonly period: Period;
  /** Only those after it in the list; null begins with the newest. */
  readonly after: TradePosition | null;
  readonly limit: number;
}

/**
 * The trades and candles that are kept beyond this process; answers come in the order of the
 * ranges.
 */
export interface HistoryReads {
  candles(ranges: readonly CandleRange[]): Promise<readonly (readonly Candle[])[]>;
  trades(ranges: readonly TradeRange[]): Promise<readonly (readonly MarketTrade[])[]>;
  timedTrades(ranges: readonly TimedTradeRange[]): Promise<readonly (readonly MarketTrade[])[]>;
}

/** The sequence of the newest stored trade of each instrument that has any, by symbol. */
export type StoredCounts = ReadonlyMap<string, number>;

/** What one flush writes, all of it or nothing. */
export interface HistoryBatch {
  readonly trades: readonly MarketTrade[];
  /** The newest state of each candle that changed. */
  readonly candles: readonly Candle[];
}

/** Where history is written. */
export interface HistoryWrites {
  /**
   * Writes a batch in one transaction; writing it again changes nothing.
   * @returns false if another process writes, and nothing was written
   */
  write(batch: HistoryBatch): Promise<boolean>;
  /** Lets another process write at once. */
  release(): Promise<void>;
  /** Removes what is older than is kept, step by step, until `stopping` aborts. */
  prune(stopping: AbortSignal): Promise<void>;
}
