import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import type { Period } from '#shared/domain/period.ts';
import type { Candle, CandleInterval } from './candle.ts';
import type { MarketTrade } from './trade.ts';

/** A range of stored candles: `fromMs` ≤ open time < `toMs`; ±Infinity leaves an end open. */
export interface CandleRange {
  readonly symbol: InstrumentSymbol;
  readonly interval: CandleInterval;
  readonly fromMs: number;
  readonly toMs: number;
  /** From which end to count, and the order of the answer. */
  readonly order: 'oldestFirst' | 'newestFirst';
  readonly limit: number;
}

/** Stored trades below a sequence, newest first; Infinity for the newest of all. */
export interface TradeRange {
  readonly symbol: InstrumentSymbol;
  readonly before: number;
  readonly limit: number;
}

/** Where a trade stands in a list by time; of those of one time, by its sequence. */
export type TradePosition = Pick<MarketTrade, 'exchangeTimeMs' | 'sequence'>;

/** Stored trades of a period by the venue's clock, newest first. */
export interface TimedTradeRange {
  readonly symbol: InstrumentSymbol;
  readonly period: Period;
  /** Only those that stand behind it in the list; null from the newest. */
  readonly after: TradePosition | null;
  readonly limit: number;
}

/** What is kept of trades and candles beyond this process; answers come in the order of the ranges. */
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
   * @returns false if another process is the one that writes, and nothing was written
   */
  write(batch: HistoryBatch): Promise<boolean>;
  /** Lets another process write at once. */
  release(): Promise<void>;
  /** Removes what is older than is kept, step by step, until `stopping` aborts. */
  prune(stopping: AbortSignal): Promise<void>;
}
