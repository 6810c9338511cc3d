import type { Random } from '../random.ts';

/** Calculates the wait before each attempt: random, with a limit that doubles each time. */
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
   * A random wait up to the limit of this attempt, so that clients cut off at the same moment do not
   * reconnect at the same moment.
   */
  nextMs(): number {
    const limitMs = Math.min(this.#maxMs, this.#baseMs * 2 ** this.#attempts);
    this.#attempts += 1;
    return Math.ceil(this.#random() * limitMs);
  }

  /** Starts over after a successful attempt. */
  reset(): void {
    this.#attempts = 0;
  }
}
