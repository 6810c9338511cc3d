import { powerOfTen } from '#shared/domain/decimal.ts';
import type { Price } from '#shared/domain/price.ts';
import type { Level } from './level.ts';
import { LevelRows, levelOf, NO_ROWS } from './level-rows.ts';
import { RowLevel } from './row-level.ts';
import { priceScaleOf } from './sent-form.ts';
import { SortedCells } from './sorted-cells.ts';

/** No place in a side. A small integer, as all places are: a field of them is the quickest. */
const NOWHERE = 2 ** 30 - 1;

/** More rows than this are merged with the levels, instead of being put among them one by one. */
const MANY = 500;

/** Hears of each price that was set, and by how much its quantity changed. */
export type ChangeListener = (price: Price, difference: bigint) => void;

/**
 * One side of a book in one array of plain numbers. A level is found by its key: the floating-point
 * number nearest to its price, negated for asks. Prices of at most 15 digits, which are all that rows
 * have, lie so far apart that two of them never share a key and keys are in the order of prices, and
 * that the digits can be had back from the key: nothing is rounded away.
 */
export class RowSide {
  readonly #sign: 1 | -1;
  #cells = new SortedCells();
  /** The last level that was read as the best, its key, and whether it was not set since. */
  #best: Level | null = null;
  #readKey = 0;
  #isBestKept = false;
  /** Where the last change was; the next one of the same message is mostly a little worse. */
  #near = NOWHERE;

  constructor(side: 'bid' | 'ask') {
    this.#sign = side === 'bid' ? 1 : -1;
  }

  /** How many levels there are. */
  get size(): number {
    return this.#cells.size;
  }

  /** For how many levels there is room. */
  get capacity(): number {
    return this.#cells.capacity;
  }

  /**
   * Sets what rests at each price, in the order of the rows; quantity 0 removes the level, and removing
   * an unknown one is ignored.
   */
  apply(rows: LevelRows, listener?: ChangeListener): void {
    const { length } = rows;
    this.#near = NOWHERE;
    if (length > MANY && listener === undefined) return this.#merge(rows);
    for (let row = 0; row < length; row += 1)
      if (listener === undefined) this.#set(rows, row);
      else this.#tell(rows, row, listener);
  }

  /** Forgets every level and takes these. They come in any order; venues send the best first. */
  replace(rows: LevelRows): void {
    this.#forget(rows.length);
    let last = -Infinity;
    for (let row = rows.length - 1; row >= 0; row -= 1) {
      const key = this.#keyOf(rows, row);
      const quantity = rows.quantityAt(row);
      if (key <= last || quantity === 0) return this.#replaceUnsorted(rows);
      this.#cells.append(key, quantity, rows.formAt(row));
      last = key;
    }
  }

  /** Forgets the worst levels beyond `depth`, at least 1. @returns their removals */
  cutTo(depth: number, listener?: ChangeListener): LevelRows {
    if (this.#cells.size <= depth) return NO_ROWS;
    const cut = new LevelRows();
    let index = 0;
    for (let excess = this.#cells.size - depth; excess > 0; excess -= 1) {
      index = this.#worstFrom(index);
      cut.add(this.#cells.priceAt(index), 0, priceScaleOf(this.#cells.formAt(index)));
      if (listener !== undefined) tellGone(this.#levelAt(index), listener);
      this.#cells.remove(index);
    }
    return cut;
  }

  /** The best level, or null when the side is empty; the same object until that level is set. */
  best(): Level | null {
    const { end } = this.#cells;
    if (end === 0) return null;
    const index = end - 1;
    const key = this.#cells.keyAt(index);
    if (this.#isBestKept && key === this.#readKey) return this.#best;
    this.#best = new RowLevel(
      this.#cells.priceAt(index),
      this.#cells.quantityAt(index),
      this.#cells.formAt(index),
    );
    this.#readKey = key;
    this.#isBestKept = true;
    return this.#best;
  }

  /** Whether the best of these bids has reached the best of those asks; never where one is empty. */
  reaches(asks: RowSide): boolean {
    const bid = this.#cells.end - 1;
    const ask = asks.#cells.end - 1;
    return bid >= 0 && ask >= 0 && this.#cells.keyAt(bid) >= -asks.#cells.keyAt(ask);
  }

  /** The worst level, or null when the side is empty. */
  worst(): Level | null {
    return this.#cells.size === 0 ? null : this.#levelAt(this.#worstFrom(0));
  }

  /** At most `count` levels, best first. */
  top(count: number): Level[] {
    const levels: Level[] = [];
    for (let index = this.#cells.end - 1; index >= 0 && levels.length < count; index -= 1)
      if (this.#cells.quantityAt(index) !== 0) levels.push(this.#levelAt(index));
    return levels;
  }

  /** All levels as they were sent, best first. */
  rows(): LevelRows {
    const rows = new LevelRows();
    for (let index = this.#cells.end - 1; index >= 0; index -= 1) {
      const quantity = this.#cells.quantityAt(index);
      if (quantity !== 0) rows.add(this.#cells.priceAt(index), quantity, this.#cells.formAt(index));
    }
    return rows;
  }

  /** Goes on with a checksum over the levels that one covers, best first. */
  continueChecksum(before: number): number {
    return this.#cells.continueChecksum(before);
  }

  /** Each of sorted levels is the best one so far, so that none of the others is moved. */
  #replaceUnsorted(rows: LevelRows): void {
    const keys = this.#keysOf(rows);
    const order = orderOf(keys, (left, right) => right - left);
    this.#forget(rows.length);
    this.#near = NOWHERE;
    for (const row of order) this.#set(rows, row);
  }

  /** Walks over the levels and the sorted rows together: one by one, each new level would move all better ones. */
  #merge(rows: LevelRows): void {
    const before = this.#cells;
    const keys = this.#keysOf(rows);
    this.#cells = new SortedCells();
    this.#forget(before.size + rows.length);
    let next = 0;
    const addUpTo = (key: number) => {
      for (; next < before.end && before.keyAt(next) < key; next += 1)
        this.#append(before.keyAt(next), before.quantityAt(next), before.formAt(next));
      if (before.isAt(next, key)) next += 1;
    };
    const order = orderOf(keys, (left, right) => left - right);
    for (const [place, row] of order.entries()) {
      const key = keys[row] as number;
      // Of several rows with one price the last one counts.
      if (key === keys[order[place + 1] ?? NOWHERE]) continue;
      addUpTo(key);
      this.#append(key, rows.quantityAt(row), rows.formAt(row));
    }
    addUpTo(Infinity);
  }

  #append(key: number, quantity: number, form: number): void {
    if (quantity !== 0) this.#cells.append(key, quantity, form);
  }

  #keysOf(rows: LevelRows): Float64Array {
    return Float64Array.from({ length: rows.length }, (_, row) => this.#keyOf(rows, row));
  }

  #forget(expected: number): void {
    this.#cells.clear(expected);
    this.#isBestKept = false;
  }

  #set(rows: LevelRows, row: number): void {
    const cells = this.#cells;
    const key = this.#keyOf(rows, row);
    const place = cells.find(key, this.#near);
    const quantity = rows.quantityAt(row);
    const isThere = cells.isAt(place, key);
    this.#near = place;
    if (key === this.#readKey) this.#isBestKept = false;
    if (quantity !== 0) {
      if (isThere) cells.set(place, quantity, rows.formAt(row));
      else cells.insert(place, key, quantity, rows.formAt(row));
    } else if (isThere && cells.quantityAt(place) !== 0) cells.remove(place);
  }

  #tell(rows: LevelRows, row: number, listener: ChangeListener): void {
    const key = this.#keyOf(rows, row);
    const place = this.#cells.find(key, this.#near);
    const before = this.#cells.isAt(place, key) ? this.#levelAt(place).quantity : 0n;
    const { price, quantity } = rows.at(row) as Level;
    this.#set(rows, row);
    listener(price, quantity - before);
  }

  /** Where the worst level is, if none is before this place; at the beginning when the holes were closed. */
  #worstFrom(begin: number): number {
    let index = this.#cells.size === this.#cells.end ? 0 : begin;
    while (this.#cells.quantityAt(index) === 0) index += 1;
    return index;
  }

  #keyOf(rows: LevelRows, row: number): number {
    return (this.#sign * rows.priceAt(row)) / powerOfTen(priceScaleOf(rows.formAt(row)));
  }

  #levelAt(index: number): Level {
    return levelOf(
      this.#cells.priceAt(index),
      this.#cells.quantityAt(index),
      this.#cells.formAt(index),
    );
  }
}

/** The places of keys in the order of the keys; those of equal keys as told. */
function orderOf(keys: Float64Array, ofEqual: (left: number, right: number) => number): number[] {
  return Array.from(keys.keys()).sort(
    (left, right) => (keys[left] as number) - (keys[right] as number) || ofEqual(left, right),
  );
}

function tellGone({ price, quantity }: Level, listener: ChangeListener): void {
  listener(price, -quantity);
}
