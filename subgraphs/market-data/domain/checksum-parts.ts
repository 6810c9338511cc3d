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
/** From one place to the next in {@link PLACES}; more than ten digits, so that it is a shift. */
const PLACE = 16;
/** From one length to the next in {@link MOVES}: four bytes of a remainder. */
const MOVE = 4 * 256;
/** Eight digits are halved off a number that 32 bits do not hold. */
const LOW_DIGITS = 8;
const LOW = powerOfTen(LOW_DIGITS);

/** What each digit adds with this many others behind it. */
const PLACES = placesOf();
/** Of each length and each value of a remainder's four bytes, what becomes of it. */
const MOVES = movesOf();

/**
 * What a level adds to a checksum.
 * @param price its digits, as one integer that a number holds exactly; so with the quantity
 * @param form of `levelForm`
 */
export function addedByLevel(price: number, quantity: number, form: number): number {
  const [priceZeros, quantityZeros] = [priceZerosOf(form), quantityZerosOf(form)];
  const quantityLength = lengthOf(quantity) + quantityZeros;
  return addedBy(price, priceZeros, quantityLength) ^ addedBy(quantity, quantityZeros, 0);
}

/** How many digits of a level a checksum is made of; more than 0. */
export function lengthOfLevel(price: number, quantity: number, form: number): number {
  return lengthOf(price) + lengthOf(quantity) + priceZerosOf(form) + quantityZerosOf(form);
}

/** The remainder behind a level that adds so much and is so long. */
export function continueWithLevel(before: number, added: number, length: number): number {
  const move = length * MOVE;
  return (
    (MOVES[move + (before & 0xff)] as number) ^
    (MOVES[move + 256 + ((before >>> 8) & 0xff)] as number) ^
    (MOVES[move + 512 + ((before >>> 16) & 0xff)] as number) ^
    (MOVES[move + 768 + (before >>> 24)] as number) ^
    added
  );
}

function lengthOf(digits: number): number {
  let length = 1;
  while (length < MOST_DIGITS && digits >= powerOfTen(length)) length += 1;
  return length;
}

/** What digits and zeros add with this many others behind them. */
function addedBy(digits: number, zeros: number, behind: number): number {
  const high = Math.floor(digits / LOW);
  const low = digits - high * LOW;
  const end = behind + zeros;
  const ofZeros = addedByShort(0, behind, zeros);
  if (high === 0) return ofZeros ^ addedByShort(low, end, 1);
  return ofZeros ^ addedByShort(low, end, LOW_DIGITS) ^ addedByShort(high, end + LOW_DIGITS, 1);
}

/** The same of a number of at most nine digits, filled up with zeros to a length. */
function addedByShort(digits: number, behind: number, length: number): number {
  let added = 0;
  let place = behind * PLACE;
  const filled = place + length * PLACE;
  for (let rest = digits | 0; rest > 0 || place < filled; place += PLACE) {
    const next = (rest / 10) | 0;
    added ^= PLACES[place + rest - next * 10] as number;
    rest = next;
  }
  return added;
}

function placesOf(): Int32Array {
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

function movesOf(): Int32Array {
  const moves = new Int32Array((MOST_PLACES + 1) * MOVE);
  for (let entry = 0; entry < MOVE; entry += 1) {
    let remainder = (entry & 0xff) << (8 * (entry >> 8));
    for (let at = entry; at < moves.length; at += MOVE) {
      moves[at] = remainder;
      remainder = nextRemainder(remainder, 0);
    }
  }
  return moves;
}
