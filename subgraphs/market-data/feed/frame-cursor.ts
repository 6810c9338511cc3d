import { powerOfTen } from '#shared/domain/decimal.ts';
import { LARGEST_PRICE, LARGEST_QUANTITY, LevelRows, NO_ROWS } from '../domain/level-rows.ts';
import { levelForm, sentForm } from '../domain/sent-form.ts';
import { FrameLiteral } from './frame-literal.ts';
import { sentDecimal } from './sent-decimal.ts';
import { isoSecondOf } from './venue-time.ts';

/** Below it are the characters that no text in a frame has, and the end of the frame. */
const SPACE = 0x20;
const QUOTE = 0x22;
const ZERO = 0x30;
/** As it differs from 0. */
const POINT = 0x2e ^ ZERO;
const BACKSLASH = 0x5c;
const FIRST_CAPACITY = 4096;
/** What may be read behind the end. */
const SLACK = 8;
/** So many digits fit in 32 bits. */
const SHORT = 9;
/** `2026-08-26T15:16:16.` */
const SECOND_LENGTH = 20;
const MICROSECOND_DIGITS = 6;
/** Words are remembered at so many places, and one, by their characters. */
const LAST_WORD = 127;
const LONGEST_WORD = 32;
const SPREAD = 31;
const OPEN = new FrameLiteral('[');
const CLOSE = new FrameLiteral(']');
const EMPTY = new FrameLiteral('[]');
const COMMA = new FrameLiteral(',');
const ZONE = new FrameLiteral('Z"');
const encoder = new TextEncoder();

/** How a list of levels is written. */
export interface LevelLayout {
  readonly beforePrice: FrameLiteral;
  readonly beforeQuantity: FrameLiteral;
  readonly end: FrameLiteral;
}

/** `["price","quantity"]` */
export const QUOTED_PAIR: LevelLayout = {
  beforePrice: new FrameLiteral('["'),
  beforeQuantity: new FrameLiteral('","'),
  end: new FrameLiteral('"]'),
};

/**
 * Walks over a frame whose layout is known, and reads its amounts where they stand: many times as
 * fast as making objects of it first. It is never wrong about a frame, for it follows the layout to
 * the letter: where anything else stands it has failed, no further step counts or goes beyond the end, and
 * the frame must be read in the general way. So must one whose amounts have more digits than a
 * number holds. One cursor walks over all frames of a connection, one after the other.
 */
export class FrameCursor {
  #text = '';
  /** The frame as ASCII, and a byte behind it that ends everything. */
  #bytes = new Uint8Array(FIRST_CAPACITY);
  #view = new DataView(this.#bytes.buffer);
  /** As much of the bytes as a frame may take: those behind it are always 0. */
  #room = this.#bytes.subarray(0, -SLACK);
  #end = 0;
  #position = 0;
  #hasFailed = false;
  /** Where the last decimal began, how many of its digits are behind the point, and zeros behind them. */
  #start = 0;
  #scale = 0;
  #zeros = 0;
  /** Words that were read before, each at a place of its own: the same few come again and again. */
  readonly #words: ({ readonly text: string; readonly literal: FrameLiteral } | undefined)[] =
    Array.from({ length: LAST_WORD + 1 }, () => undefined);
  /** The last second that was read: thousands of messages share one. */
  #second: FrameLiteral | null = null;
  #secondMicroseconds = 0;

  /** Begins with a frame. A text that is not ASCII has failed at once. */
  begin(text: string): this {
    if (text.length + SLACK > this.#bytes.length) this.#grow(text.length + SLACK);
    const { read, written } = encoder.encodeInto(text, this.#room);
    // One that just fits may take as many bytes as it has characters when its last ones were left out.
    this.#hasFailed = written !== text.length || read !== written;
    this.#text = text;
    this.#end = this.#hasFailed ? 0 : written;
    this.#bytes[this.#end] = 0;
    this.#position = 0;
    return this;
  }

  /** Whether all steps were right, and nothing is left. */
  get isDone(): boolean {
    return !this.#hasFailed && this.#position === this.#end;
  }

  /** The last number as it was written. */
  get decimalText(): string {
    return this.#text.slice(this.#start, this.#position);
  }

  /** Steps over exactly this. */
  skip(literal: FrameLiteral): void {
    if (!this.isNext(literal)) this.#fail();
  }

  /** Steps over this when it is there. @returns whether it was */
  isNext(literal: FrameLiteral): boolean {
    const end = this.#position + literal.length;
    if (end > this.#end || !literal.isAt(this.#view, this.#position)) return false;
    this.#position = end;
    return true;
  }

  /** The text up to the next quotation mark, which is stepped over; one without escapes. */
  word(): string {
    const bytes = this.#bytes;
    const start = this.#position;
    let end = start;
    let sum = 0;
    for (let byte = bytes[end] as number; byte !== QUOTE; byte = bytes[end] as number) {
      if (byte === BACKSLASH || byte < SPACE) return this.#noWord();
      sum = (sum * SPREAD + byte) | 0;
      end += 1;
    }
    if (end === start) return this.#noWord();
    this.#position = end + 1;
    const known = this.#words[sum & LAST_WORD];
    if (known?.literal.length === end + 1 - start && known.literal.isAt(this.#view, start))
      return known.text;
    return this.#newWord(start, end, sum);
  }

  /** Steps over a word whose beginning does not matter, up to this character. */
  skipTo(code: number): void {
    let position = this.#position;
    let byte = this.#bytes[position] as number;
    while (byte !== code && byte !== QUOTE && byte !== BACKSLASH && byte >= SPACE)
      byte = this.#bytes[(position += 1)] as number;
    if (byte === code) this.#position = position + 1;
    else this.#fail();
  }

  /** A counter or a time. */
  integer(): number {
    const bytes = this.#bytes;
    const start = this.#position;
    let position = start;
    let digits = 0;
    for (let digit = digitOf(bytes, position); digit <= 9; digit = digitOf(bytes, position)) {
      digits = digits * 10 + digit;
      position += 1;
    }
    const isPadded = position - start > 1 && bytes[start] === ZERO;
    if (position === start || isPadded || digits > Number.MAX_SAFE_INTEGER) this.#fail();
    this.#start = start;
    this.#position = position;
    return digits;
  }

  /** Adds the next level to rows. */
  level({ beforePrice, beforeQuantity, end }: LevelLayout, rows: LevelRows): void {
    this.skip(beforePrice);
    const price = this.#digits(LARGEST_PRICE);
    if (price === 0) this.#fail();
    const priceForm = sentForm(this.#scale, this.#zeros);
    this.skip(beforeQuantity);
    const quantity = this.#digits(LARGEST_QUANTITY);
    rows.add(price, quantity, levelForm(priceForm, sentForm(this.#scale, this.#zeros)));
    this.skip(end);
  }

  /** A list of levels. */
  levels(layout: LevelLayout): LevelRows {
    if (this.isNext(EMPTY)) return NO_ROWS;
    const rows = new LevelRows();
    this.skip(OPEN);
    do this.level(layout, rows);
    while (this.isNext(COMMA));
    this.skip(CLOSE);
    return rows;
  }

  /** `2026-08-26T15:16:16.637831Z"` as microseconds since the epoch. */
  isoMicroseconds(): number {
    if (this.#second === null || !this.isNext(this.#second)) this.#readSecond();
    const begin = this.#position;
    let position = begin;
    let microseconds = 0;
    for (const end = begin + MICROSECOND_DIGITS; position < end; position += 1) {
      const digit = digitOf(this.#bytes, position);
      if (digit > 9) break;
      microseconds = (microseconds * 10 + digit) | 0;
    }
    if (position - begin !== MICROSECOND_DIGITS) this.#fail();
    this.#position = position;
    this.skip(ZONE);
    return this.#secondMicroseconds + microseconds;
  }

  #readSecond(): void {
    const text = this.#text.slice(this.#position, this.#position + SECOND_LENGTH);
    const microseconds = isoSecondOf(text);
    if (microseconds === null) this.#fail();
    else {
      this.#second = new FrameLiteral(text);
      this.#secondMicroseconds = microseconds;
      this.#position += SECOND_LENGTH;
    }
  }

  #newWord(start: number, end: number, sum: number): string {
    if (end - start > LONGEST_WORD) return this.#text.slice(start, end);
    // Not a slice, which would keep its whole frame as long as the word is remembered.
    const text = String.fromCharCode(...this.#bytes.subarray(start, end));
    this.#words[sum & LAST_WORD] = { text, literal: new FrameLiteral(`${text}"`) };
    return text;
  }

  #noWord(): string {
    this.#fail();
    return '';
  }

  /** From here on nothing is found any more, so that whoever goes on while something is comes to an end. */
  #fail(): void {
    this.#hasFailed = true;
    this.#end = 0;
  }

  /**
   * The digits of a decimal as one integer; where they are too many, without the zeros behind them.
   * Up to nine digits on either side of the point are read by integers of 32 bits.
   */
  #digits(largest: number): number {
    const bytes = this.#bytes;
    const start = this.#position;
    let position = start;
    let whole = 0;
    let digit = digitOf(bytes, position);
    for (const end = position + SHORT; digit <= 9 && position < end;) {
      whole = (whole * 10 + digit) | 0;
      digit = digitOf(bytes, (position += 1));
    }
    if (digit <= 9 || position === start) return this.#longDigits(largest);
    let digits = whole;
    let scale = 0;
    if (digit === POINT) {
      const point = position;
      let fraction = 0;
      digit = digitOf(bytes, (position += 1));
      for (const end = position + SHORT; digit <= 9 && position < end;) {
        fraction = (fraction * 10 + digit) | 0;
        digit = digitOf(bytes, (position += 1));
      }
      scale = position - point - 1;
      digits = whole * powerOfTen(scale) + fraction;
      if (digit <= 9 || scale === 0) return this.#longDigits(largest);
    }
    if (digits > largest) return this.#longDigits(largest);
    this.#start = start;
    this.#position = position;
    this.#scale = scale;
    this.#zeros = 0;
    return digits;
  }

  /** The same of a decimal of any length, from where it begins. */
  #longDigits(largest: number): number {
    const decimal = sentDecimal(this.#text.slice(this.#position), largest);
    if (decimal === null) this.#fail();
    this.#start = this.#position;
    this.#position += decimal?.length ?? 0;
    this.#scale = decimal?.scale ?? 0;
    this.#zeros = decimal?.zeros ?? 0;
    return decimal?.digits ?? 0;
  }

  #grow(least: number): void {
    this.#bytes = new Uint8Array(Math.max(least, 2 * this.#bytes.length));
    this.#view = new DataView(this.#bytes.buffer);
    this.#room = this.#bytes.subarray(0, -SLACK);
  }
}

/** The bytes of 0 to 9 differ from that of 0 by their value, all others by more than 9. */
function digitOf(bytes: Uint8Array, position: number): number {
  return (bytes[position] as number) ^ ZERO;
}
