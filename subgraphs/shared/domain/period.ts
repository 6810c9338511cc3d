/**
 * A time from its first instant, inclusive, to its last, exclusive; null leaves an end open.
 * Milliseconds since the epoch.
 */
export interface Period {
  readonly from: number | null;
  readonly to: number | null;
}
