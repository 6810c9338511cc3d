import { keepNewest } from './keep-newest.ts';

/** With more keys than this, the bucket that nothing was poured into for longest is forgotten. */
const MAX_KEYS = 100_000;

/**
 * A leaky bucket for each key: what is poured in runs out evenly. An amount is how long it takes to run out, in
 * milliseconds. Times are those of `steadyNow`: a step of the wall clock would fill or empty every bucket.
 */
export class LeakyBuckets<Key> {
  readonly #emptyAtMs = new Map<Key, number>();
  readonly #maxKeys: number;

  constructor(maxKeys = MAX_KEYS) {
    this.#maxKeys = maxKeys;
  }

  /** After how long the bucket is empty; 0 if it is. */
  levelMs(key: Key, nowMs: number): number {
    return Math.max(0, (this.#emptyAtMs.get(key) ?? nowMs) - nowMs);
  }

  /** Pours an amount in, however full the bucket is: how much it may hold is its owner's rule. */
  pour(key: Key, amountMs: number, nowMs: number): void {
    const emptyAtMs = Math.max(this.#emptyAtMs.get(key) ?? nowMs, nowMs) + amountMs;
    keepNewest(this.#emptyAtMs, [key, emptyAtMs], this.#maxKeys);
  }
}
