const ZERO = 0x30;
const ZEROS = 0x30303030;
/** Added to a byte of 0 to 9 it leaves the upper four bits empty, and to no other byte without them. */
const SIXES = 0x06060606;
const UPPER = 0xf0f0f0f0;
/** More than two digits say. */
const NONE = 100;

/** The point as {@link digitOf} finds it. */
export const POINT = 0x2e ^ ZERO;
/** How many digits {@link fourDigits} reads. */
export const FOUR = 4;
/** How many digits {@link eightDigits} reads. */
export const EIGHT = 8;

/** The value of the digit there; more than 9 for any other byte. */
export function digitOf(bytes: Uint8Array, position: number): number {
  return (bytes[position] as number) ^ ZERO;
}

/** The value of the two digits there; more than 99 if another byte is among them. */
export function twoDigits(bytes: Uint8Array, position: number): number {
  const tens = digitOf(bytes, position);
  const ones = digitOf(bytes, position + 1);
  return tens > 9 || ones > 9 ? NONE : tens * 10 + ones;
}

/** The value of the four digits there, all at once; below 0 if another byte is among them. */
export function fourDigits(view: DataView, position: number): number {
  const digits = view.getInt32(position, true) ^ ZEROS;
  if (((digits | (digits + SIXES)) & UPPER) !== 0) return -1;
  return valueOf(digits);
}

/** The value of the eight digits there, all at once; below 0 if another byte is among them. */
export function eightDigits(view: DataView, position: number): number {
  const high = view.getInt32(position, true) ^ ZEROS;
  const low = view.getInt32(position + FOUR, true) ^ ZEROS;
  if (((high | (high + SIXES) | low | (low + SIXES)) & UPPER) !== 0) return -1;
  return valueOf(high) * 10_000 + valueOf(low);
}

function valueOf(digits: number): number {
  const pairs = digits * 10 + (digits >>> 8);
  return (pairs & 0xff) * 100 + ((pairs >>> 16) & 0xff);
}
