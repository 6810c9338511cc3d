import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import type { CandleInterval } from './candle.ts';

/** A candle from a file: exact decimals as text. Values that the file does not contain are "0". */
export interface CandleRow {
  /** Milliseconds since the epoch. */
  readonly openTimeMs: number;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
  readonly quoteVolume: string;
  readonly tradeCount: number;
  readonly takerBuyVolume: string;
}

/** One file's candles of one instrument and interval. */
export interface ImportTarget {
  readonly symbol: InstrumentSymbol;
  readonly interval: CandleInterval;
  /** Hash of the file's content: a renamed file is the same file. */
  readonly digest: string;
}

/** What writing rows changed; all other rows existed and were the same. */
export interface ImportCounts {
  readonly added: number;
  readonly changed: number;
}

/** Where candles from files are stored. */
export interface CandleImports {
  /** How many rows of this file are stored already. */
  progressOf(target: ImportTarget): Promise<number>;
  /**
   * Writes rows, all of them or none. Candles built from trades stay unchanged, unless some of
   * their trades were lost; writing rows again changes nothing.
   */
  write(target: ImportTarget, rows: readonly CandleRow[]): Promise<ImportCounts>;
  /** Records how many rows of the file are written, from its beginning. */
  noteProgress(target: ImportTarget, rowsDone: number): Promise<void>;
  /** Marks where candles are missing between those of a range, and before the next one. */
  markGaps(target: ImportTarget, fromMs: number, toMs: number): Promise<void>;
  /** Makes the candles of every longer interval from those of a range. */
  rollUp(target: ImportTarget, fromMs: number, toMs: number): Promise<ImportCounts>;
}
