import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import type { CandleInterval } from './candle.ts';

/** A candle as a file has it: exact decimals as text. What the file does not tell is "0". */
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
  /** Of the file's content: the same file under another name is the same. */
  readonly digest: string;
}

/** What writing rows changed; the others were there, and were the same. */
export interface ImportCounts {
  readonly added: number;
  readonly changed: number;
}

/** Where candles of files go. */
export interface CandleImports {
  /** How many rows of this file are there already. */
  progressOf(target: ImportTarget): Promise<number>;
  /**
   * Writes rows, all of them or none. What was built from trades stays as it is, unless some of its
   * trades were lost; writing rows again changes nothing.
   */
  write(target: ImportTarget, rows: readonly CandleRow[]): Promise<ImportCounts>;
  /** So many rows of the file, from its beginning, are written. */
  noteProgress(target: ImportTarget, rowsDone: number): Promise<void>;
  /** Says where candles are missing between those of a range, and before the next one. */
  markGaps(target: ImportTarget, fromMs: number, toMs: number): Promise<void>;
  /** Makes the candles of every longer interval from those of a range. */
  rollUp(target: ImportTarget, fromMs: number, toMs: number): Promise<ImportCounts>;
}
