import { powerOfTen } from '#shared/domain/decimal.ts';
import type { Price } from '#shared/domain/price.ts';
import type { Level } from './level.ts';
import { LevelRows, levelAt, levelOf, NO_ROWS } from './level-rows.ts';
import { priceScaleOf } from './sent-form.ts';

/** Numbers of a level: its key, the digits of its quantity, their form, and the note. */
const WIDTH = 4;
const QUANTITY = 1;
const FORM = 2;
const NOTE = 3;
const LEAST_CAPACITY = 64;
/** Of a side that was never filled. */
const NO_CELLS = new Float64Array(0);
/** Among so many of the best levels one is found by going there. */
const NEAR = 8;

/** So many numbers are moved faster one by one than by a call. */
const MOST_BY_HAND = 128;

/** Hears of each price that was set, and by how much its quantity changed. */
export type ChangeListener = (price: Price, difference: bigint) => void;

/**
 * One side of a book in one array of plain numbers, worst level first, so that the many changes near
 * the best price move few of them. A level is found by its key: the floating-point number nearest to
 * its price, negated for asks. Prices of at most 15 digits, which are all that rows have, lie so far
 * apart that two of them never share a key and keys are in the order of prices, and that the digits
 * can be had back from the key: nothing is rounded away.
 */
export class RowSide {
  readonly #sign: 1 | -1;
  #cells = NO_CELLS;
  #size = 0;
  /** The last level that was read as the best, its key, and whether it was not set since. */
  #best: Level | null = null;
  #readKey = 0;
  #isBestKept = false;

  constructor(side: 'bid' | 'ask') {
    this.#sign = side === 'bid' ? 1 : -1;
  }

  /** How many levels there are. */
  get size(): number {
    return this.#size;
  }

  /** For how many levels there is room. */
  get capacity(): number {
    return this.#cells.length / WIDTH;
  }

  /**
   * Sets what rests at each price, in the order of the rows; quantity 0 removes the level, and removing
   * an unknown one is ignored.
   * @returns how many levels are better than the best one that changed; Infinity when none did
   */
  apply(rows: LevelRows, listener?: ChangeListener): number {
    let best = Infinity;
    for (let row = 0; row < rows.length; row += 1) {
      const rank = listener === undefined ? this.#set(rows, row) : this.#tell(rows, row, listener);
      if (rank < best) best = rank;
    }
    return best;
  }

  /** Forgets every level and takes these. They come in any order; venues send the best first. */
  replace(rows: LevelRows): void {
    const needed = Math.max(LEAST_CAPACITY, rows.length);
    // With room for some more whole levels, and without that of a huge book which was there before.
    if (this.capacity < needed || this.capacity > 4 * needed)
      this.#cells = new Float64Array(WIDTH * (needed + (needed >> 2)));
    this.#forget();
    let isSorted = true;
    for (let row = rows.length - 1; row >= 0 && isSorted; row -= 1) {
      const rank = this.#set(rows, row);
      isSorted = rank === 0 || rank === Infinity;
    }
    if (!isSorted) this.#replaceUnsorted(rows);
  }

  /** Forgets the worst levels beyond `depth`, at least 1. @returns their removals */
  cutTo(depth: number): LevelRows {
    const excess = this.#size - depth;
    if (excess <= 0) return NO_ROWS;
    const cut = new LevelRows();
    for (let index = 0; index < excess; index += 1)
      cut.add(this.#priceAt(index), 0, priceScaleOf(this.#formAt(index)));
    this.#cells.copyWithin(0, excess * WIDTH, this.#size * WIDTH);
    this.#size -= excess;
    return cut;
  }

  /** The best level, or null when the side is empty; the same object until that level is set. */
  best(): Level | null {
    if (this.#size === 0) return null;
    const index = this.#size - 1;
    const key = this.#keyAt(index);
    if (key !== this.#readKey || this.#best === null) this.#best = this.#levelAt(index);
    else if (!this.#isBestKept)
      this.#best = levelAt(this.#best.price, this.#quantityAt(index), this.#formAt(index));
    this.#readKey = key;
    this.#isBestKept = true;
    return this.#best;
  }

  /** Whether the best of these bids has reached the best of those asks; never where one is empty. */
  reaches(asks: RowSide): boolean {
    if (this.#size === 0 || asks.#size === 0) return false;
    return this.#keyAt(this.#size - 1) >= -asks.#keyAt(asks.#size - 1);
  }

  /** The worst level, or null when the side is empty. */
  worst(): Level | null {
    return this.#size === 0 ? null : this.#levelAt(0);
  }

  /** At most `count` levels, best first. */
  top(count: number): Level[] {
    const levels: Level[] = [];
    const end = Math.max(0, this.#size - count);
    for (let index = this.#size - 1; index >= end; index -= 1) levels.push(this.#levelAt(index));
    return levels;
  }

  /** All levels as they were sent, best first. */
  rows(): LevelRows {
    const rows = new LevelRows();
    for (let index = this.#size - 1; index >= 0; index -= 1)
      rows.add(this.#priceAt(index), this.#quantityAt(index), this.#formAt(index));
    return rows;
  }

  /** The digits of the price with so many better ones. */
  sentPrice(rank: number): number {
    return this.#priceAt(this.#size - 1 - rank);
  }

  /** The digits of the quantity at the price with so many better ones. */
  sentQuantity(rank: number): number {
    return this.#quantityAt(this.#size - 1 - rank);
  }

  /** How the level with so many better ones was written. */
  sentForm(rank: number): number {
    return this.#formAt(this.#size - 1 - rank);
  }

  /** What was noted of the level with so many better ones; 0 when nothing was since it was set. */
  noteOf(rank: number): number {
    return this.#cells[(this.#size - 1 - rank) * WIDTH + NOTE] as number;
  }

  /** Notes a number of the level with so many better ones, which stays with it until it is set. */
  note(rank: number, note: number): void {
    this.#cells[(this.#size - 1 - rank) * WIDTH + NOTE] = note;
  }

  /** Each of sorted levels is the best one so far, so that none of the others is moved. */
  #replaceUnsorted(rows: LevelRows): void {
    const keys = Float64Array.from({ length: rows.length }, (_, row) => this.#keyOf(rows, row));
    const order = Array.from(keys.keys()).sort(
      (left, right) => (keys[left] as number) - (keys[right] as number) || right - left,
    );
    this.#forget();
    for (const row of order) this.#set(rows, row);
  }

  #forget(): void {
    this.#size = 0;
    this.#isBestKept = false;
  }

  /** @returns how many levels are better than the one that changed; Infinity when none did */
  #set(rows: LevelRows, row: number): number {
    const key = this.#keyOf(rows, row);
    const index = this.#indexOf(key);
    const isKnown = index < this.#size && this.#keyAt(index) === key;
    if (key === this.#readKey) this.#isBestKept = false;
    const quantity = rows.quantityAt(row);
    if (quantity === 0) return isKnown ? this.#remove(index) : Infinity;
    if (!isKnown) this.#insert(index);
    const cell = index * WIDTH;
    this.#cells[cell] = key;
    this.#cells[cell + QUANTITY] = quantity;
    this.#cells[cell + FORM] = rows.formAt(row);
    this.#cells[cell + NOTE] = 0;
    return this.#size - 1 - index;
  }

  #tell(rows: LevelRows, row: number, listener: ChangeListener): number {
    const key = this.#keyOf(rows, row);
    const index = this.#indexOf(key);
    const isKnown = index < this.#size && this.#keyAt(index) === key;
    const before = isKnown ? this.#levelAt(index).quantity : 0n;
    const { price, quantity } = rows.at(row) as Level;
    const rank = this.#set(rows, row);
    listener(price, quantity - before);
    return rank;
  }

  /** Makes room for a level. */
  #insert(index: number): void {
    const begin = index * WIDTH;
    const end = this.#size * WIDTH;
    if (end === this.#cells.length) this.#grow();
    const cells = this.#cells;
    if (end - begin > MOST_BY_HAND) cells.copyWithin(begin + WIDTH, begin, end);
    else
      for (let cell = end - 1; cell >= begin; cell -= 1)
        cells[cell + WIDTH] = cells[cell] as number;
    this.#size += 1;
  }

  #remove(index: number): number {
    const begin = (index + 1) * WIDTH;
    const end = this.#size * WIDTH;
    const cells = this.#cells;
    if (end - begin > MOST_BY_HAND) cells.copyWithin(begin - WIDTH, begin, end);
    else for (let cell = begin; cell < end; cell += 1) cells[cell - WIDTH] = cells[cell] as number;
    this.#size -= 1;
    return this.#size - index;
  }

  #grow(): void {
    const cells = new Float64Array(Math.max(LEAST_CAPACITY * WIDTH, 2 * this.#cells.length));
    cells.set(this.#cells);
    this.#cells = cells;
  }

  /** Where the key is, or where it would be. */
  #indexOf(key: number): number {
    let low = 0;
    let high = this.#size;
    for (let steps = 0; steps < NEAR && high > 0; steps += 1) {
      if (this.#keyAt(high - 1) < key) return high;
      high -= 1;
    }
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#keyAt(middle) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #keyOf(rows: LevelRows, row: number): number {
    return (this.#sign * rows.priceAt(row)) / powerOfTen(priceScaleOf(rows.formAt(row)));
  }

  #keyAt(index: number): number {
    return this.#cells[index * WIDTH] as number;
  }

  #levelAt(index: number): Level {
    return levelOf(this.#priceAt(index), this.#quantityAt(index), this.#formAt(index));
  }

  #priceAt(index: number): number {
    const scale = priceScaleOf(this.#formAt(index));
    return Math.round(this.#sign * this.#keyAt(index) * powerOfTen(scale));
  }

  #quantityAt(index: number): number {
    return this.#cells[index * WIDTH + QUANTITY] as number;
  }

  #formAt(index: number): number {
    return this.#cells[index * WIDTH + FORM] as number;
  }
}
