import { powerOfTen, unitsOfDigits } from '#shared/domain/decimal.ts';
import { type Price, priceOfUnits } from '#shared/domain/price.ts';
import { type Quantity, quantityOfUnits } from '#shared/domain/quantity.ts';
import {
  LARGEST_PRICE,
  LARGEST_QUANTITY,
  LevelRows,
  NO_ROWS,
} from '../../domain/book/level-rows.ts';
import { levelForm, sentForm } from '../../domain/book/sent-form.ts';
import { digitOf, EIGHT, eightDigits, FOUR, fourDigits, POINT, twoDigits } from './frame-digits.ts';
import { FrameLiteral } from './frame-literal.ts';
import type { FrameWords } from './frame-words.ts';
import type { LevelsLayout } from './levels-layout.ts';
import { LONGEST_DECIMAL, sentDecimal } from './sent-decimal.ts';
import type { SentFrame } from './sent-frame.ts';
import { isoMinuteOf } from '../venue-time.ts';

/** Below it are the characters that never appear in a frame's texts, and the end marker. */
const SPACE = 0x20;
const QUOTE = 0x22;
const ZERO = 0x30;
const BACKSLASH = 0x5c;
const NO_ASCII = 0x80;
const FIRST_CAPACITY = 4096;
/** Bytes that may be read past the end. */
const SLACK = 8;
/** This many digits fit in 32 bits. */
const SHORT = 9;
/** `2026-08-26T15:16:` */
const MINUTE_LENGTH = 17;
const MINUTE_SECONDS = 60;
/** `16.637831` */
const SECONDS_LENGTH = 9;
const HUNDRED = 100;
const encoder = new TextEncoder();

/**
 * Walks over a frame of a known layout and reads its amounts in place, many times as fast as parsing
 * the frame into objects. It is never wrong about a frame, because it follows the layout to the
 * letter: at any difference it fails, no later step counts or passes the end, and the caller must use
 * the general parser. The same goes for amounts with more digits than a number holds. One cursor
 * serves all frames of a connection, one after the other.
 */
export class FrameCursor {
  /** The frame's bytes, followed by one end marker. */
  #bytes = new Uint8Array(FIRST_CAPACITY);
  #view = new DataView(this.#bytes.buffer);
  /** The part of the bytes that a text may fill. */
  #room = this.#bytes.subarray(0, -SLACK);
  #end = 0;
  #position = 0;
  #hasFailed = false;
  /** How many digits of the last decimal follow the point, and how many zeros follow those. */
  #scale = 0;
  #zeros = 0;
  /** The last minute read: thousands of messages share one. */
  #minute: FrameLiteral | null = null;
  #minuteMicroseconds = 0;

  /** Starts a frame. A text that is not ASCII fails immediately. */
  begin(frame: SentFrame): this {
    const { length } = frame;
    if (length + SLACK > this.#bytes.length) this.#grow(length + SLACK);
    this.#hasFailed = false;
    this.#position = 0;
    this.#end = length;
    if (typeof frame === 'string') this.#encode(frame);
    else this.#bytes.set(frame);
    this.#bytes[this.#end] = 0;
    return this;
  }

  #encode(frame: string): void {
    const { read, written } = encoder.encodeInto(frame, this.#room);
    // A text cut off by lack of room can still fill as many bytes as it has characters.
    if (written !== frame.length || read !== written) this.#fail();
  }

  /** Whether every step succeeded and nothing is left. */
  get isDone(): boolean {
    return !this.#hasFailed && this.#position === this.#end;
  }

  /** Steps over exactly this literal. */
  skip(literal: FrameLiteral): void {
    if (!this.isNext(literal)) this.#fail();
  }

  /** Steps over this literal if it is next; none goes past the end, whose marker is in no literal. @returns whether it was */
  isNext(literal: FrameLiteral): boolean {
    const position = this.#position;
    if (!literal.isAt(this.#view, position)) return false;
    this.#position = position + literal.length;
    return true;
  }

  /** Steps over a word without escapes and its closing quotation mark. @returns its value, if the word is known */
  word<Value>(words: FrameWords<Value>): Value | undefined {
    const known = words.find(this.#view, this.#position);
    if (known === undefined) this.skipTo(QUOTE);
    else this.#position += known.literal.length;
    return known?.value;
  }

  /** Steps over an irrelevant word, up to this character. */
  skipTo(code: number): void {
    let position = this.#position;
    let byte = this.#bytes[position] as number;
    while (
      byte !== code &&
      byte !== QUOTE &&
      byte !== BACKSLASH &&
      byte >= SPACE &&
      byte < NO_ASCII
    )
      byte = this.#bytes[(position += 1)] as number;
    if (byte === code) this.#position = position + 1;
    else this.#fail();
  }

  /** Reads a counter or a time. */
  integer(): number {
    const bytes = this.#bytes;
    const view = this.#view;
    const start = this.#position;
    let position = start;
    let digits = eightDigits(view, position);
    if (digits >= 0) position += EIGHT;
    else digits = 0;
    for (;;) {
      const digit = digitOf(bytes, position);
      if (digit > 9) break;
      digits = digits * 10 + digit;
      position += 1;
    }
    const isPadded = position - start > 1 && bytes[start] === ZERO;
    if (position === start || isPadded || digits > Number.MAX_SAFE_INTEGER) this.#fail();
    this.#position = position;
    return digits;
  }

  /** Reads a counter or a time, behind a literal. */
  integerAfter(before: FrameLiteral): number {
    this.skip(before);
    return this.integer();
  }

  /** Reads a level into the rows: a price, the literal before the quantity, and the quantity. */
  level(beforeQuantity: FrameLiteral, rows: LevelRows): void {
    const price = this.#digits(LARGEST_PRICE);
    if (price === 0) this.#fail();
    const priceForm = sentForm(this.#scale, this.#zeros);
    this.skip(beforeQuantity);
    const quantity = this.#digits(LARGEST_QUANTITY);
    rows.add(price, quantity, levelForm(priceForm, sentForm(this.#scale, this.#zeros)));
  }

  /** Reads a single price. */
  price(): Price {
    const digits = this.#digits(LARGEST_PRICE);
    if (digits === 0) this.#fail();
    return priceOfUnits(unitsOfDigits(digits, this.#scale));
  }

  /** Reads a single quantity. */
  quantity(): Quantity {
    return quantityOfUnits(unitsOfDigits(this.#digits(LARGEST_QUANTITY), this.#scale));
  }

  /** Reads a list of levels. */
  levels(layout: LevelsLayout): LevelRows {
    if (!this.isNext(layout.beforeFirst)) {
      this.skip(layout.none);
      return NO_ROWS;
    }
    const rows = new LevelRows();
    this.level(layout.beforeQuantity, rows);
    if (!this.isNext(layout.end)) this.#moreLevels(layout, rows);
    return rows;
  }

  /** Reads the second level and those that follow; a function of its own, since most lists have one. */
  #moreLevels({ beforeQuantity, beforeNext, end }: LevelsLayout, rows: LevelRows): void {
    this.skip(beforeNext);
    const begin = this.#position;
    this.level(beforeQuantity, rows);
    if (this.isNext(beforeNext)) {
      rows.expectMore(Math.ceil((this.#end - this.#position) / (this.#position - begin)));
      do this.level(beforeQuantity, rows);
      while (this.isNext(beforeNext));
    }
    this.skip(end);
  }

  /**
   * Reads a time such as `2026-08-26T15:16:16.637831`, as microseconds since the epoch.
   * @param end the literal that follows, from the `Z` on
   */
  isoMicroseconds(end: FrameLiteral): number {
    if (this.#minute === null || !this.isNext(this.#minute)) this.#readMinute();
    const at = this.#position;
    const seconds = twoDigits(this.#bytes, at);
    const tenths = fourDigits(this.#view, at + 3);
    const rest = twoDigits(this.#bytes, at + 7);
    const isTime = seconds < MINUTE_SECONDS && tenths >= 0 && rest < HUNDRED;
    if (!isTime || digitOf(this.#bytes, at + 2) !== POINT) this.#fail();
    else this.#position = at + SECONDS_LENGTH;
    this.skip(end);
    return this.#minuteMicroseconds + seconds * 1_000_000 + tenths * HUNDRED + rest;
  }

  #readMinute(): void {
    const text = this.#textAt(this.#position, MINUTE_LENGTH);
    const microseconds = isoMinuteOf(text);
    if (microseconds === null) this.#fail();
    else {
      this.#minute = new FrameLiteral(text);
      this.#minuteMicroseconds = microseconds;
      this.#position += MINUTE_LENGTH;
    }
  }

  /** Fails for good. Nothing is found from here on, so loops that read until nothing is found end. */
  #fail(): void {
    this.#hasFailed = true;
    this.#end = 0;
    this.#position = 0;
    this.#bytes[0] = 0;
  }

  /**
   * Reads the digits of a decimal as one integer; if there are too many, without the trailing zeros.
   * Up to nine digits on either side of the point are read with 32-bit integers. Each loop looks at one
   * place, because V8 inlines no long function.
   */
  #digits(largest: number): number {
    const bytes = this.#bytes;
    const view = this.#view;
    const start = this.#position;
    let position = start;
    let whole = 0;
    let digit: number;
    for (;;) {
      digit = digitOf(bytes, position);
      if (digit > 9) break;
      whole = (whole * 10 + digit) | 0;
      position += 1;
    }
    let isShort = position > start && position <= start + SHORT;
    let digits = whole;
    let scale = 0;
    if (digit === POINT) {
      const point = (position += 1);
      let fraction = 0;
      for (let read = 0; read < SHORT - 1; read += FOUR) {
        const four = fourDigits(view, position);
        if (four < 0) break;
        fraction = fraction * 10_000 + four;
        position += FOUR;
      }
      for (;;) {
        digit = digitOf(bytes, position);
        if (digit > 9) break;
        fraction = (fraction * 10 + digit) | 0;
        position += 1;
      }
      scale = position - point;
      isShort &&= scale > 0 && scale <= SHORT;
      digits = isShort ? whole * powerOfTen(scale) + fraction : 0;
    }
    if (!isShort || digits > largest) return this.#longDigits(largest);
    this.#position = position;
    this.#scale = scale;
    this.#zeros = 0;
    return digits;
  }

  /** Does the same for a decimal of any length, from its beginning. */
  #longDigits(largest: number): number {
    const decimal = sentDecimal(this.#textAt(this.#position, LONGEST_DECIMAL + 1), largest);
    if (decimal === null) this.#fail();
    this.#position += decimal?.length ?? 0;
    this.#scale = decimal?.scale ?? 0;
    this.#zeros = decimal?.zeros ?? 0;
    return decimal?.digits ?? 0;
  }

  /** The text at this position; it can run past the end of the frame. */
  #textAt(begin: number, length: number): string {
    return String.fromCharCode(...this.#bytes.subarray(begin, begin + length));
  }

  #grow(least: number): void {
    this.#bytes = new Uint8Array(Math.max(least, 2 * this.#bytes.length));
    this.#view = new DataView(this.#bytes.buffer);
    this.#room = this.#bytes.subarray(0, -SLACK);
  }
}
