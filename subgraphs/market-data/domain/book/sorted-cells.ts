import { powerOfTen } from '#shared/domain/decimal.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { CHECKED_LEVELS } from './checksum.ts';
import { continueWithPart, writePart } from './checksum-parts.ts';
import { priceScaleOf } from './sent-form.ts';

/**
 * Numbers of a cell: the key, the digits of the quantity, their form, and what the level adds to a
 * checksum and how long it is there, as two integers of 32 bits, 0 until they are asked for.
 */
const WIDTH = 4;
const QUANTITY = 1;
const FORM = 2;
const NOTE = 3;
/** As integers of 32 bits a cell has twice as many. */
const NOTE_WIDTH = 2 * WIDTH;
const FIRST_NOTE = 2 * NOTE;
/** The notes are moved as one number: this makes it one between 2 and 4, whose bits no machine changes. */
const EXPONENT = 0x40000000;
const LONGEST = 2 ** 20 - 1;
const LEAST_CAPACITY = 64;
/** Far more than any venue has on a side: one that sends more would fill our memory. */
export const MOST_LEVELS = 2 ** 20;
/** Of a side that was never filled. */
const NO_NUMBERS = new Float64Array(0);
const NO_NOTES = new Int32Array(0);
/** Among this many of the best cells there is no hole. */
const WHOLE = 16;
/** A hole is sought this far away before all better cells are moved. */
const REACH = 24;
/** This many cells are looked at one by one. */
const NEAR = 8;
/** This many numbers are moved faster one by one than by a call. */
const MOST_BY_HAND = 128;

/**
 * Cells with a key each in one array, in the order of their keys, the best and greatest last. One that
 * is taken out leaves a hole, which keeps its key and has the quantity 0, unless it is among the best:
 * levels come and go everywhere in a book, and so the next one that comes nearby moves few others.
 */
export class SortedCells {
  #numbers = NO_NUMBERS;
  /** The same memory, for the notes. */
  #notes = NO_NOTES;
  /** How many cells there are, with holes. */
  #end = 0;
  #holes = 0;
  /** What the best cells add to a checksum, so many of them together, and how long that is. */
  readonly #parts = new Int32Array(CHECKED_LEVELS + 1);
  readonly #lengths = new Int32Array(CHECKED_LEVELS + 1);
  /** For how many cells that is known. */
  #known = 0;

  /** How many cells there are; the last of them is the best, and none is better. */
  get end(): number {
    return this.#end;
  }

  /** How many of them are no holes. */
  get size(): number {
    return this.#end - this.#holes;
  }

  /** For how many there is room. */
  get capacity(): number {
    return this.#numbers.length / WIDTH;
  }

  /** Forgets all cells. Afterwards there is room for more than the expected ones, but not for far more. */
  clear(expected: number): void {
    invariant(expected <= MOST_LEVELS, 'no side of a book has this many levels');
    const needed = Math.max(LEAST_CAPACITY, expected);
    if (this.capacity < needed || this.capacity > 4 * needed)
      this.#take(new Float64Array(WIDTH * (needed + (needed >> 2))));
    this.#end = 0;
    this.#holes = 0;
    this.#known = 0;
  }

  keyAt(index: number): number {
    return this.#numbers[index * WIDTH] as number;
  }

  /** 0 for a hole. */
  quantityAt(index: number): number {
    return this.#numbers[index * WIDTH + QUANTITY] as number;
  }

  formAt(index: number): number {
    return this.#numbers[index * WIDTH + FORM] as number;
  }

  /** The digits of the price whose number the key is, or is when negated. */
  priceAt(index: number): number {
    const scale = priceScaleOf(this.formAt(index));
    return Math.round(Math.abs(this.keyAt(index)) * powerOfTen(scale));
  }

  /** Goes on with a checksum over the best cells, at most {@link CHECKED_LEVELS}, as `continueWithPart` does. */
  continueChecksum(before: number): number {
    const count = Math.min(CHECKED_LEVELS, this.#end);
    if (this.#known < count) this.#addParts(count);
    return continueWithPart(before, this.#parts[count] as number, this.#lengths[count] as number);
  }

  /** Goes on from the best cells whose parts are known. */
  #addParts(count: number): void {
    const parts = this.#parts;
    const lengths = this.#lengths;
    const notes = this.#notes;
    const known = this.#known;
    let part = parts[known] as number;
    let length = lengths[known] as number;
    let note = (this.#end - 1 - known) * NOTE_WIDTH + FIRST_NOTE;
    for (let next = known + 1; next <= count; next += 1) {
      const own = ((notes[note + 1] as number) || this.#noteLevel(note)) & LONGEST;
      part = continueWithPart(part, notes[note] as number, own);
      length += own;
      parts[next] = part;
      lengths[next] = length;
      note -= NOTE_WIDTH;
    }
    this.#known = count;
  }

  /** What a level adds to a checksum, and how long it is, goes with it as long as it stands. */
  #noteLevel(note: number): number {
    const index = (note - FIRST_NOTE) / NOTE_WIDTH;
    const notes = this.#notes;
    writePart(notes, note, this.priceAt(index), this.quantityAt(index), this.formAt(index));
    const length = (notes[note + 1] as number) | EXPONENT;
    notes[note + 1] = length;
    return length;
  }

  /** Before a cell changes, or with it, comes or goes: the better ones stay as they are. */
  #forgetParts(index: number): void {
    const better = this.#end - 1 - index;
    if (better < this.#known) this.#known = better;
  }

  /**
   * Where a key is, or would be. Sought in steps that become longer, since most changes are near the
   * best price or near the one before.
   * @param near where it is probably not far from, and rather not better
   */
  find(key: number, near: number): number {
    const numbers = this.#numbers;
    let high = near < this.#end && (numbers[near * WIDTH] as number) >= key ? near : this.#end;
    let low = high - 1;
    const close = Math.max(0, high - NEAR);
    while (low >= close && (numbers[low * WIDTH] as number) >= key) low -= 1;
    if (low >= close || close === 0) return low + 1;
    high = low + 1;
    for (let step = NEAR; low >= 0 && (numbers[low * WIDTH] as number) >= key; step *= 2) {
      high = low;
      low -= step;
    }
    low = low < 0 ? 0 : low + 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((numbers[middle * WIDTH] as number) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Whether there is a cell with this key, or a hole with it. */
  isAt(index: number, key: number): boolean {
    return index < this.#end && this.#numbers[index * WIDTH] === key;
  }

  /** Sets a cell that is there, or fills the hole. */
  set(index: number, quantity: number, form: number): void {
    const cell = index * WIDTH;
    if (this.#numbers[cell + QUANTITY] === 0) this.#holes -= 1;
    this.#forgetParts(index);
    this.#numbers[cell + QUANTITY] = quantity;
    this.#numbers[cell + FORM] = form;
    this.#numbers[cell + NOTE] = 0;
  }

  /** Puts a new cell where {@link find} has found its place. */
  insert(place: number, key: number, quantity: number, form: number): void {
    const isNearBest = this.#end - place <= WHOLE;
    const index = isNearBest || this.#holes === 0 ? this.#opened(place) : this.#filled(place);
    this.#write(index, key, quantity, form);
    this.#forgetParts(index);
  }

  /** Puts a new cell that is better than all others, before any checksum was asked for. */
  append(key: number, quantity: number, form: number): void {
    if (this.#end === this.capacity) this.#grow();
    this.#write(this.#end, key, quantity, form);
    this.#end += 1;
  }

  #write(index: number, key: number, quantity: number, form: number): void {
    const cell = index * WIDTH;
    this.#numbers[cell] = key;
    this.#numbers[cell + QUANTITY] = quantity;
    this.#numbers[cell + FORM] = form;
    this.#numbers[cell + NOTE] = 0;
  }

  /** Takes out a cell that is no hole. */
  remove(index: number): void {
    if (this.#end - index > WHOLE) return this.#leaveHole(index);
    this.#forgetParts(index);
    this.#close(index);
    // Those behind it have come nearer to the best.
    while (this.#holes > 0 && this.#end >= WHOLE && this.quantityAt(this.#end - WHOLE) === 0) {
      this.#close(this.#end - WHOLE);
      this.#holes -= 1;
    }
  }

  #leaveHole(index: number): void {
    this.#numbers[index * WIDTH + QUANTITY] = 0;
    this.#holes += 1;
    if (this.#holes > LEAST_CAPACITY && 4 * this.#holes > this.#end) this.#closeAll();
  }

  /** Uses a hole nearby, or makes room. @returns which cell is free */
  #filled(place: number): number {
    for (let distance = 0; distance < REACH; distance += 1) {
      const worse = place - 1 - distance;
      if (worse >= 0 && this.quantityAt(worse) === 0) {
        this.#holes -= 1;
        this.#move(worse + 1, place, -1);
        return place - 1;
      }
      const better = place + distance;
      if (better < this.#end && this.quantityAt(better) === 0) {
        this.#holes -= 1;
        this.#move(place, better, 1);
        return place;
      }
    }
    return this.#opened(place);
  }

  #opened(place: number): number {
    if (this.#end === this.capacity) this.#grow();
    this.#move(place, this.#end, 1);
    this.#end += 1;
    return place;
  }

  #grow(): void {
    invariant(this.#end < MOST_LEVELS, 'no side of a book has this many levels');
    const grown = new Float64Array(Math.max(LEAST_CAPACITY * WIDTH, 2 * this.#numbers.length));
    grown.set(this.#numbers);
    this.#take(grown);
  }

  #close(index: number): void {
    this.#move(index + 1, this.#end, -1);
    this.#end -= 1;
  }

  #closeAll(): void {
    const numbers = this.#numbers;
    let to = 0;
    for (let from = 0; from < this.#end * WIDTH; from += WIDTH) {
      if (numbers[from + QUANTITY] === 0) continue;
      numbers.copyWithin(to, from, from + WIDTH);
      to += WIDTH;
    }
    this.#end = to / WIDTH;
    this.#holes = 0;
  }

  /** Moves cells one place on, or back. */
  #move(from: number, to: number, by: 1 | -1): void {
    const numbers = this.#numbers;
    const begin = from * WIDTH;
    const end = to * WIDTH;
    if (end - begin > MOST_BY_HAND) numbers.copyWithin(begin + by * WIDTH, begin, end);
    else if (by < 0)
      for (let at = begin; at < end; at += 1) numbers[at - WIDTH] = numbers[at] as number;
    else for (let at = end - 1; at >= begin; at -= 1) numbers[at + WIDTH] = numbers[at] as number;
  }

  #take(numbers: Float64Array<ArrayBuffer>): void {
    this.#numbers = numbers;
    this.#notes = new Int32Array(numbers.buffer);
  }
}
