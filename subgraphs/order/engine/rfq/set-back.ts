/** A clock that was set back by no more than this is one that differs a little, in milliseconds. */
export const SET_BACK_MS = 1000;

/** Whether the clock was set back since this time. */
export function wasSetBackSince(atMs: number, nowMs: number): boolean {
  return atMs - nowMs > SET_BACK_MS;
}
