const EPOCH_MS = /^\d{1,15}$/;
/** The last millisecond of the year 9999: the store reads years of four digits. */
const LAST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** Reads text, such as a cursor's, in milliseconds since the epoch; null for what is no time that a store can hold. */
export function parseStoredTime(text: string): number | null {
  return EPOCH_MS.test(text) && Number(text) <= LAST_MS ? Number(text) : null;
}
