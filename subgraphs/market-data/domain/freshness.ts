import { ageOf } from '#shared/domain/age.ts';

/** How old something from the feed is, and whether it can still be believed. */
export interface Freshness {
  /** Milliseconds since it reached us; see {@link ageOf}. */
  readonly ageMs: number;
  readonly stale: boolean;
}

/**
 * @param isSuspended whether the feed is disconnected or reconciling: then everything is stale
 * @param maxAgeMs an age above this is stale
 */
export function freshnessOf(observation: {
  readonly receivedAtMs: number;
  readonly nowMs: number;
  readonly maxAgeMs: number;
  readonly isSuspended: boolean;
}): Freshness {
  const ageMs = ageOf(observation.receivedAtMs, observation.nowMs);
  return { ageMs, stale: observation.isSuspended || ageMs > observation.maxAgeMs };
}
