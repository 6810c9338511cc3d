/** How many levels of each side a checksum covers. */
export const CHECKED_LEVELS = 10;
const POLYNOMIAL = 0xedb88320;
const ZERO = 0x30;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit += 1)
    remainder = remainder & 1 ? (remainder >>> 1) ^ POLYNOMIAL : remainder >>> 1;
  return remainder;
});

/** A level as it is published: the digits decide the checksum, trailing zeros included. */
interface LevelText {
  readonly price: string;
  readonly quantity: string;
}

/** What a level adds to a checksum; see {@link checkedDigits}. */
interface LevelDigits {
  readonly digits: string;
}

/**
 * Kraken's rule: CRC-32 (IEEE) over the top 10 levels, asks low to high, then bids high to low; of each
 * level price then quantity, the point removed and leading zeros stripped.
 * @param bids best first, more than 10 are ignored
 * @param asks best first, more than 10 are ignored
 * @returns the unsigned 32-bit number as a decimal string
 */
export function bookChecksum(bids: readonly LevelText[], asks: readonly LevelText[]): string {
  const side = (levels: readonly LevelText[]) =>
    levels
      .slice(0, CHECKED_LEVELS)
      .map(({ price, quantity }) => ({ digits: checkedDigits(price, quantity) }));
  const ofAsks = continueChecksum(EMPTY_REMAINDER, side(asks));
  return finishedChecksum(continueChecksum(ofAsks, side(bids)));
}

/** What a level adds to the checksum: price then quantity, without point and leading zeros. */
export function checkedDigits(price: string, quantity: string): string {
  return digitsOf(price) + digitsOf(quantity);
}

/** What a checksum begins with. */
export const EMPTY_REMAINDER = 0xffffffff;

/**
 * Goes on with levels, best first, at most 10 of a side: first the asks, then the bids. While the
 * asks stand still, their remainder can be kept.
 */
export function continueChecksum(before: number, levels: readonly LevelDigits[]): number {
  let remainder = before;
  for (const { digits } of levels)
    for (let index = 0; index < digits.length; index += 1) {
      const byte = (remainder ^ digits.charCodeAt(index)) & 0xff;
      remainder = (TABLE[byte] as number) ^ (remainder >>> 8);
    }
  return remainder;
}

/** The checksum of a remainder, as it is published. */
export function finishedChecksum(remainder: number): string {
  return ((remainder ^ EMPTY_REMAINDER) >>> 0).toString();
}

function digitsOf(decimal: string): string {
  const point = decimal.indexOf('.');
  const digits = point < 0 ? decimal : decimal.slice(0, point) + decimal.slice(point + 1);
  let zeros = 0;
  while (digits.charCodeAt(zeros) === ZERO) zeros += 1;
  return digits.slice(zeros);
}
