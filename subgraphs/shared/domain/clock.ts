/** Where domain code reads the time, so that a test can set it. */
export interface Clock {
  /** Milliseconds since the epoch, UTC. */
  now(): number;
}

/** The machine's own clock. */
export const systemClock: Clock = { now: () => Date.now() };

/** The last text written: all rows of a batch have the same time. */
let last = { epochMs: 0, text: new Date(0).toISOString() };

/** RFC 3339 in UTC with milliseconds, the format of every time in the API. */
export function toTimestamp(epochMs: number): string {
  if (epochMs !== last.epochMs) last = { epochMs, text: new Date(epochMs).toISOString() };
  return last.text;
}
