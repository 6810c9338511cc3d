import type { Clock } from '#shared/domain/clock.ts';
import { keepNewest } from '#shared/domain/keep-newest.ts';

const MAX_TRIES = 5;
const LOCK_MS = 5 * 60_000;
const MAX_NAMES = 10_000;

interface Tries {
  count: number;
  lastAtMs: number;
}

/**
 * Locks a name for some time after some failed tries, by default five minutes after five. A try counts from its
 * start, so that many at once gain nothing. In memory and bounded: the names that were not seen for
 * longest are forgotten.
 */
export class FailureLock {
  readonly #clock: Clock;
  readonly #maxTries: number;
  readonly #lockMs: number;
  readonly #tries = new Map<string, Tries>();

  /**
   * @param maxTries five if omitted; more for a name that many users share
   * @param lockMs five minutes if omitted
   */
  constructor(clock: Clock, { maxTries = MAX_TRIES, lockMs = LOCK_MS } = {}) {
    this.#clock = clock;
    this.#maxTries = maxTries;
    this.#lockMs = lockMs;
  }

  /** Counts a try. @returns false while the name is locked; such a try is not counted */
  admit(name: string): boolean {
    const now = this.#clock.now();
    const known = this.#tries.get(name);
    // In both directions: if the clock is set back, nobody stays locked until it has caught up.
    const isOver = known === undefined || Math.abs(now - known.lastAtMs) >= this.#lockMs;
    const tries = isOver ? null : known;
    if (tries !== null && tries.count >= this.#maxTries) return false;
    keepNewest(this.#tries, [name, { count: (tries?.count ?? 0) + 1, lastAtMs: now }], MAX_NAMES);
    return true;
  }

  /** Withdraws a counted try that had no result. */
  takeBack(name: string): void {
    const tries = this.#tries.get(name);
    if (tries === undefined) return;
    tries.count -= 1;
    // Otherwise harmless names would push out those that are locked.
    if (tries.count <= 0) this.#tries.delete(name);
  }

  /** Starts the count again after a success. */
  clear(name: string): void {
    this.#tries.delete(name);
  }
}
