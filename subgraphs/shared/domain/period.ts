/** A time from its first instant up to, and without, its last; null leaves an end open. Milliseconds since the epoch. */
export interface Period {
  readonly from: number | null;
  readonly to: number | null;
}
