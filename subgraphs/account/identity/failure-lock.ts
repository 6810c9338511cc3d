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
 * Locks a name for five minutes after five tries, or as many as are given, without a success. A try
 * counts from its begin, so that many at once gain nothing. In memory, with a bound: the longest unseen names are forgotten.
 */
export class FailureLock {
  readonly #clock: Clock;
  readonly #maxTries: number;
  readonly #tries = new Map<string, Tries>();

  /** @param maxTries five if omitted; more for a name that many people share */
  constructor(clock: Clock, maxTries = MAX_TRIES) {
    this.#clock = clock;
    this.#maxTries = maxTries;
  }

  /** Counts a try. @returns false while the name is locked; such a try is not counted */
  admit(name: string): boolean {
    const now = this.#clock.now();
    const known = this.#tries.get(name);
    // Either way: a clock that was set back locks nobody until it is as late again.
    const isOver = known === undefined || Math.abs(now - known.lastAtMs) >= LOCK_MS;
    const tries = isOver ? null : known;
    if (tries !== null && tries.count >= this.#maxTries) return false;
    keepNewest(this.#tries, [name, { count: (tries?.count ?? 0) + 1, lastAtMs: now }], MAX_NAMES);
    return true;
  }

  /** A counted try that came to no verdict. */
  takeBack(name: string): void {
    const tries = this.#tries.get(name);
    if (tries === undefined) return;
    tries.count -= 1;
    // Else names that nobody is held to would push out those that are locked.
    if (tries.count <= 0) this.#tries.delete(name);
  }

  /** A success: the name begins again. */
  clear(name: string): void {
    this.#tries.delete(name);
  }
}
