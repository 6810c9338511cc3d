const NANOSECONDS_PER_MICROSECOND = 1000;

/** Microseconds of the machine's monotonic clock, which all its processes share. */
export function monotonicMicros(): number {
  return Number(process.hrtime.bigint()) / NANOSECONDS_PER_MICROSECOND;
}
