/**
 * How long ago something happened, in whole milliseconds. A time after now means that the clock was
 * set back since, or that another machine's clock is ahead: then nobody knows the age, and it counts
 * as far back as it seems to be ahead. So clocks that differ a little do no harm, and nothing old
 * counts as new until a clock that was set back has caught up.
 */
export function ageOf(atMs: number, nowMs: number): number {
  return Math.trunc(Math.abs(nowMs - atMs));
}
