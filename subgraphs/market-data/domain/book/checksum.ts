/** How many levels of each side a checksum covers. */
export const CHECKED_LEVELS = 10;
/** What a checksum begins with. */
export const EMPTY_REMAINDER = 0xffffffff;
const POLYNOMIAL = 0xedb88320;
const ZERO = 0x30;
const POINT = 0x2e;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit += 1)
    remainder = remainder & 1 ? (remainder >>> 1) ^ POLYNOMIAL : remainder >>> 1;
  return remainder;
});

/** A level as it is published: the digits decide the checksum, trailing zeros included. */
export interface LevelText {
  readonly priceText: string;
  readonly quantityText: string;
}

/**
 * Kraken's rule: CRC-32 (IEEE) over the top 10 levels, asks low to high, then bids high to low; of each
 * level price then quantity, the point removed and leading zeros stripped.
 * @param bids best first, more than 10 are ignored
 * @param asks best first, more than 10 are ignored
 * @returns the unsigned 32-bit number as a decimal string
 */
export function bookChecksum(
  bids: readonly { readonly price: string; readonly quantity: string }[],
  asks: readonly { readonly price: string; readonly quantity: string }[],
): string {
  const side = (levels: typeof bids): LevelText[] =>
    levels
      .slice(0, CHECKED_LEVELS)
      .map(({ price, quantity }) => ({ priceText: price, quantityText: quantity }));
  const ofAsks = continueChecksum(EMPTY_REMAINDER, side(asks));
  return finishedChecksum(continueChecksum(ofAsks, side(bids))).toString();
}

/**
 * Goes on with levels, best first, at most 10 of a side: first the asks, then the bids. While the
 * asks stand still, their remainder can be kept.
 */
export function continueChecksum(before: number, levels: readonly LevelText[]): number {
  let remainder = before;
  for (const { priceText, quantityText } of levels)
    remainder = continueDecimal(continueDecimal(remainder, priceText), quantityText);
  return remainder;
}

/** The checksum of a remainder: unsigned, of 32 bits. */
export function finishedChecksum(remainder: number): number {
  return (remainder ^ EMPTY_REMAINDER) >>> 0;
}

/** The remainder behind one more byte. */
export function nextRemainder(before: number, byte: number): number {
  return (TABLE[(before ^ byte) & 0xff] as number) ^ (before >>> 8);
}

/** The point is left out, and so are zeros before the first other digit. */
function continueDecimal(before: number, decimal: string): number {
  let remainder = before;
  let hasBegun = false;
  for (let index = 0; index < decimal.length; index += 1) {
    const code = decimal.charCodeAt(index);
    if (code === POINT || (code === ZERO && !hasBegun)) continue;
    hasBegun = true;
    remainder = nextRemainder(remainder, code);
  }
  return remainder;
}
