const EPOCH_MS = /^\d{1,15}$/;
/** The last millisecond of the year 9999: the store reads years of four digits. */
const LAST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** Whether text, such as a cursor's, is a time that the store can hold, in milliseconds since the epoch. */
export function isStoredTime(text: string): boolean {
  return EPOCH_MS.test(text) && Number(text) <= LAST_MS;
}
