import type { Random } from '../random.ts';

/** How long to wait before each attempt: twice as long at most each time, and by chance. */
export class Backoff {
  readonly #baseMs: number;
  readonly #maxMs: number;
  readonly #random: Random;
  #attempts = 0;

  constructor(options: { baseMs: number; maxMs: number; random: Random }) {
    this.#baseMs = options.baseMs;
    this.#maxMs = options.maxMs;
    this.#random = options.random;
  }

  /**
   * Any time up to the limit of this attempt, so that many who were cut off at one moment do not
   * come back at one moment.
   */
  nextMs(): number {
    const limitMs = Math.min(this.#maxMs, this.#baseMs * 2 ** this.#attempts);
    this.#attempts += 1;
    return Math.ceil(this.#random() * limitMs);
  }

  /** The last attempt was good. */
  reset(): void {
    this.#attempts = 0;
  }
}
