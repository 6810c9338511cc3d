// A CRC-32 put together from parts. The remainder of a text is that of what stands before it, moved on
// as if zeros followed, XOR what the text adds alone. So what a level adds is found once, and goes
// with the level as long as it stands; and what it adds is the sum of its digits, each by its place.
import { powerOfTen, SCALE } from '#shared/domain/decimal.ts';
import { nextRemainder } from './checksum.ts';
import { priceZerosOf, quantityZerosOf } from './sent-form.ts';

const ZERO = 0x30;
/** Of an integer that a number holds exactly. */
const MOST_DIGITS = 16;
/** Of a price and a quantity together, with the zeros behind them. */
const MOST_PLACES = 2 * (MOST_DIGITS + SCALE);
/** As much as ten usual levels have is moved on at once. */
const LONGEST_MOVE = 255;
/** From one place to the next in {@link PLACES}; more than a hundred pairs, so that it is a shift. */
const PLACE = 128;
/** From one length to the next in {@link MOVES}: four bytes of a remainder. */
const MOVE = 4 * 256;
/** Four pairs of digits are split off a number that 32 bits do not hold. */
const LOW_PAIRS = 4;
const LOW = powerOfTen(2 * LOW_PAIRS);
const LARGEST_SHORT = 2 ** 31 - 1;

/** What each digit adds with this many others behind it, and what each pair does. */
const DIGITS = digitsOf();
const PLACES = pairsOf();
/** Of each length and each value of a remainder's four bytes, what becomes of it. */
const MOVES = movesOf();

/**
 * Writes what a level adds to a checksum, and behind it how many digits the level has there, which is
 * more than 0.
 * @param price its digits, as one integer that a number holds exactly; so with the quantity
 * @param form of `levelForm`
 */
export function writePart(
  part: Int32Array,
  at: number,
  price: number,
  quantity: number,
  form: number,
): void {
  part[at] = 0;
  part[at + 1] = 0;
  addDigits(part, at, quantity, quantityZerosOf(form));
  addDigits(part, at, price, priceZerosOf(form));
}

/** The remainder behind a part of {@link writePart}, or behind several that were put together so. */
export function continueWithPart(before: number, added: number, length: number): number {
  if (length <= LONGEST_MOVE) return moved(before, length) ^ added;
  let remainder = before;
  let left = length;
  for (; left > LONGEST_MOVE; left -= LONGEST_MOVE) remainder = moved(remainder, LONGEST_MOVE);
  return moved(remainder, left) ^ added;
}

function moved(before: number, length: number): number {
  const move = length * MOVE;
  return (
    (MOVES[move + (before & 0xff)] as number) ^
    (MOVES[move + 256 + ((before >>> 8) & 0xff)] as number) ^
    (MOVES[move + 512 + ((before >>> 16) & 0xff)] as number) ^
    (MOVES[move + 768 + (before >>> 24)] as number)
  );
}

/** Adds digits and the zeros behind them, from the last one on. */
function addDigits(part: Int32Array, at: number, digits: number, zeros: number): void {
  let added = part[at] as number;
  let place = part[at + 1] as number;
  for (let left = zeros; left > 0; left -= 1) added ^= DIGITS[place++ * PLACE] as number;
  let rest = digits;
  if (rest > LARGEST_SHORT) {
    const high = Math.floor(rest / LOW);
    let low = rest - high * LOW;
    for (let pair = 0; pair < LOW_PAIRS; pair += 1) {
      const next = (low / 100) | 0;
      added ^= PLACES[place * PLACE + low - next * 100] as number;
      low = next;
      place += 2;
    }
    rest = high;
  }
  for (rest |= 0; rest >= 10; place += 2) {
    const next = (rest / 100) | 0;
    added ^= PLACES[place * PLACE + rest - next * 100] as number;
    rest = next;
  }
  if (rest > 0) added ^= DIGITS[place++ * PLACE + rest] as number;
  part[at] = added;
  part[at + 1] = place;
}

function digitsOf(): Int32Array {
  const places = new Int32Array(MOST_PLACES * PLACE);
  for (let digit = 0; digit < 10; digit += 1) {
    let remainder = nextRemainder(0, ZERO + digit);
    for (let place = digit; place < places.length; place += PLACE) {
      places[place] = remainder;
      remainder = nextRemainder(remainder, 0);
    }
  }
  return places;
}

function pairsOf(): Int32Array {
  const places = new Int32Array(MOST_PLACES * PLACE);
  for (let place = 0; place + PLACE < places.length; place += PLACE)
    for (let pair = 0; pair < 100; pair += 1) {
      const first = DIGITS[place + PLACE + Math.floor(pair / 10)] as number;
      places[place + pair] = first ^ (DIGITS[place + (pair % 10)] as number);
    }
  return places;
}

function movesOf(): Int32Array {
  const moves = new Int32Array((LONGEST_MOVE + 1) * MOVE);
  for (let entry = 0; entry < MOVE; entry += 1) {
    let remainder = (entry & 0xff) << (8 * (entry >> 8));
    for (let at = entry; at < moves.length; at += MOVE) {
      moves[at] = remainder;
      remainder = nextRemainder(remainder, 0);
    }
  }
  return moves;
}
