import type { UserId } from '#shared/domain/ids.ts';
import { LeakyBuckets } from '#shared/domain/leaky-buckets.ts';

/** Each order that is taken over is stored again, and every other command waits meanwhile. */
const MS_PER_ORDER = 5;
/** Two thousand orders at once. */
const WINDOW_MS = 10_000;

/**
 * Bounds how many orders a user's connections take over from each other: reconnecting costs a client
 * nothing. Times are those of `steadyNow`.
 */
export class TakeOverRate {
  readonly #taken = new LeakyBuckets<UserId>();

  /** Whether a user can take over orders now, however many these are. */
  permits(userId: UserId, nowMs: number): boolean {
    return this.#taken.levelMs(userId, nowMs) <= WINDOW_MS;
  }

  /** Counts what a user has taken over. */
  count(userId: UserId, orders: number, nowMs: number): void {
    this.#taken.pour(userId, orders * MS_PER_ORDER, nowMs);
  }
}
