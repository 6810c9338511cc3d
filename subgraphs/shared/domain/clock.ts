/** Where domain code reads the time, so that a test can set it. */
export interface Clock {
  /** Milliseconds since the epoch, UTC. */
  now(): number;
}

/** The machine's own clock. */
export const systemClock: Clock = { now: () => Date.now() };

/** RFC 3339 in UTC with milliseconds, as every time on the API is written. */
export function toTimestamp(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
