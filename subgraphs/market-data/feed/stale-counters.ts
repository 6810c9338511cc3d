import { MalformedFrameError } from './frames/malformed-frame.ts';

/** A venue repeats a few messages, and never this many in a row. */
const MOST_IN_A_ROW = 100;

/** Nothing arrived but messages that were sent before, which change nothing. */
export class StaleCounterError extends MalformedFrameError {}

/**
 * Counts the messages of one stream that are dropped because their counter is not above the newest one. If nothing
 * else arrives, the venue counts again from below, and all its messages would be dropped.
 */
export class StaleCounters {
  #newest = NaN;
  #count = 0;

  /** Drops a message. @throws StaleCounterError if too many were dropped since the newest one */
  drop(newest: number): void {
    this.#count = newest === this.#newest ? this.#count + 1 : 1;
    this.#newest = newest;
    if (this.#count < MOST_IN_A_ROW) return;
    this.#count = 0;
    throw new StaleCounterError(`its counters stay below ${newest}, which was sent before.`);
  }
}
