/** Where domain code reads the time, so that a test can set it. */
export interface Clock {
  /** Milliseconds since the epoch, UTC. It can be set back and forward at any time. */
  now(): number;
  /** See {@link steadyNow}; only a clock that nobody sets has none of its own. */
  steadyNow?(): number;
}

/** The machine's own clock. */
export const systemClock: Clock = { now: () => Date.now(), steadyNow: () => performance.now() };

/**
 * Milliseconds since some moment, for durations: nothing sets it. It means nothing to another
 * process, nor to this one after a restart.
 */
export function steadyNow(clock: Clock): number {
  return clock.steadyNow?.() ?? clock.now();
}

/** Milliseconds of a day in UTC, which has no other days. */
export const DAY_MS = 86_400_000;

/** The last text written: all rows of a batch have the same time. */
let last = { epochMs: 0, text: new Date(0).toISOString() };

/** RFC 3339 in UTC with milliseconds, the format of every time in the API. */
export function toTimestamp(epochMs: number): string {
  if (epochMs !== last.epochMs) last = { epochMs, text: new Date(epochMs).toISOString() };
  return last.text;
}
