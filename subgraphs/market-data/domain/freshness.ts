/** How old something from the feed is, and whether it can still be believed. */
export interface Freshness {
  /** Milliseconds since it reached us; never negative. */
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
  const ageMs = Math.max(0, Math.trunc(observation.nowMs - observation.receivedAtMs));
  return { ageMs, stale: observation.isSuspended || ageMs > observation.maxAgeMs };
}
