const CHECKED_LEVELS = 10;
const POLYNOMIAL = 0xedb88320;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit += 1)
    remainder = remainder & 1 ? (remainder >>> 1) ^ POLYNOMIAL : remainder >>> 1;
  return remainder;
});

/** A level as it is published: the digits decide the checksum, trailing zeros included. */
interface LevelDigits {
  readonly price: string;
  readonly quantity: string;
}

/**
 * Kraken's rule: CRC32 over the top 10 levels, asks low to high, then bids high to low; of each
 * level price then quantity, the point removed and leading zeros stripped.
 * @param bids best first, more than 10 are ignored
 * @param asks best first, more than 10 are ignored
 * @returns the unsigned 32-bit number as a decimal string
 */
export function bookChecksum(bids: readonly LevelDigits[], asks: readonly LevelDigits[]): string {
  let text = '';
  for (const side of [asks, bids])
    for (const { price, quantity } of side.slice(0, CHECKED_LEVELS))
      text += digitsOf(price) + digitsOf(quantity);
  return crc32(text).toString();
}

function digitsOf(decimal: string): string {
  return decimal.replace('.', '').replace(/^0+/, '');
}

/** CRC-32 (IEEE) of ASCII text. */
function crc32(text: string): number {
  let remainder = 0xffffffff;
  for (let index = 0; index < text.length; index += 1) {
    const byte = (remainder ^ text.charCodeAt(index)) & 0xff;
    remainder = (TABLE[byte] as number) ^ (remainder >>> 8);
  }
  return (remainder ^ 0xffffffff) >>> 0;
}
