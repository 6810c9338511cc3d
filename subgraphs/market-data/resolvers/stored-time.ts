const EPOCH_MS = /^\d{1,15}$/;
/** The last moment that is written with four digits of the year, as the store reads times. */
const LAST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/**
 * Whether a text, such as a cursor's, is a time in milliseconds since the epoch that the store can
 * hold.
 */
export function isStoredTime(text: string): boolean {
  return EPOCH_MS.test(text) && Number(text) <= LAST_MS;
}
