import type { Clock } from '#shared/domain/clock.ts';
import { keepNewest } from '#shared/domain/keep-newest.ts';

const MAX_TRIES = 5;
const LOCK_MS = 5 * 60_000;
const MAX_NAMES = 10_000;

interface Tries {
  count: number;
  lastAtMs: number;
}

/** How many tries lock a name, and for how long. */
interface Limits {
  /** Five if omitted; more for a name that many users share. */
  readonly maxTries?: number;
  /** Five minutes if omitted. */
  readonly lockMs?: number;
  /** Each further lock lasts twice as long as the previous one, up to this; `lockMs` if omitted. */
  readonly longestLockMs?: number;
  /** Without a try for this long, the failures of a name are forgotten; `lockMs` if omitted. */
  readonly forgottenMs?: number;
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
  readonly #longestLockMs: number;
  readonly #forgottenMs: number;
  readonly #tries = new Map<string, Tries>();

  constructor(clock: Clock, limits: Limits = {}) {
    const { maxTries = MAX_TRIES, lockMs = LOCK_MS } = limits;
    this.#clock = clock;
    this.#maxTries = maxTries;
    this.#lockMs = lockMs;
    this.#longestLockMs = limits.longestLockMs ?? lockMs;
    this.#forgottenMs = limits.forgottenMs ?? lockMs;
  }

  /** Counts a try. @returns false while the name is locked; such a try is not counted */
  admit(name: string): boolean {
    const now = this.#clock.now();
    const known = this.#tries.get(name);
    // In both directions: if the clock is set back, nobody stays locked until it has caught up.
    const quietMs = known === undefined ? Infinity : Math.abs(now - known.lastAtMs);
    const count = known === undefined || quietMs >= this.#forgottenMs ? 0 : known.count;
    if (quietMs < this.#lockAfter(count)) return false;
    keepNewest(this.#tries, [name, { count: count + 1, lastAtMs: now }], MAX_NAMES);
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

  /** How long a name is locked after this many failures. */
  #lockAfter(count: number): number {
    if (count === 0 || count % this.#maxTries !== 0) return 0;
    const earlierLocks = count / this.#maxTries - 1;
    return Math.min(this.#lockMs * 2 ** earlierLocks, this.#longestLockMs);
  }
}
