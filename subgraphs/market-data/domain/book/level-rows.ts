import { unitsOfDigits } from '#shared/domain/decimal.ts';
import { priceOfUnits } from '#shared/domain/price.ts';
import { quantityOfUnits } from '#shared/domain/quantity.ts';
import type { Level } from './level.ts';
import { RowLevel } from './row-level.ts';
import { priceScaleOf, quantityScaleOf } from './sent-form.ts';

/** Numbers of a row: the digits of its price, those of its quantity, and their form. */
const WIDTH = 3;
/** From so many levels on it is worth making room at once. */
const MANY = 100;

/** A price in a row has at most 15 digits: then no other has the same floating-point number. */
export const LARGEST_PRICE = 10 ** 15 - 1;
/** A quantity in a row is exact as a number. */
export const LARGEST_QUANTITY = Number.MAX_SAFE_INTEGER;

/** Levels of one side as a feed reports them: rows, or objects if a value does not fit in a row. */
export type Levels = readonly Level[] | LevelRows;

/** Levels of both sides as a feed reports them: what changed in a book, or the whole of it, in any order. */
export interface FeedLevels {
  readonly bids: Levels;
  readonly asks: Levels;
}

/** The cells of rows that have none yet: they get their own with the first level. */
const NO_CELLS: number[] = [];

/**
 * Levels as they were sent, each a row of numbers: the digits of an amount as one integer, and the form
 * in which they were written. Nothing is lost, trailing zeros included, because only integers that a
 * number holds exactly are taken. Most levels of a feed are overwritten before
 * anybody reads them, so a {@link Level} is made only when one is read.
 */
export class LevelRows implements Iterable<Level> {
  #cells = NO_CELLS;
  #length = 0;

  /**
   * Takes one more level.
   * @param price its digits, at most {@link LARGEST_PRICE}
   * @param quantity its digits, at most {@link LARGEST_QUANTITY}
   * @param form of {@link levelForm}
   */
  add(price: number, quantity: number, form: number): void {
    const cells = this.#cells;
    // Most messages tell of one level or two, for which an array that grows has far too much room.
    if (this.#length === 0) this.#cells = [price, quantity, form];
    else if (this.#length === 1)
      this.#cells = [
        cells[0] as number,
        cells[1] as number,
        cells[2] as number,
        price,
        quantity,
        form,
      ];
    else this.#addToMany(price, quantity, form);
    this.#length += 1;
  }

  /** Makes room for so many further levels, where an array that grows would be copied again and again. */
  expectMore(levels: number): void {
    if (levels < MANY) return;
    const known = this.#length * WIDTH;
    const cells = new Array<number>(known + levels * WIDTH);
    for (let index = 0; index < known; index += 1) cells[index] = this.#cells[index] as number;
    this.#cells = cells;
  }

  #addToMany(price: number, quantity: number, form: number): void {
    const cells = this.#cells;
    const begin = this.#length * WIDTH;
    if (begin >= cells.length) cells.push(price, quantity, form);
    else {
      cells[begin] = price;
      cells[begin + 1] = quantity;
      cells[begin + 2] = form;
    }
  }

  /** These levels and then others. */
  with(others: LevelRows): LevelRows {
    const both = new LevelRows();
    for (const rows of [this, others])
      for (let index = 0; index < rows.length; index += 1)
        both.add(rows.priceAt(index), rows.quantityAt(index), rows.formAt(index));
    return both;
  }

  /** How many levels there are. */
  get length(): number {
    return this.#length;
  }

  /** The digits of a price, as one integer. */
  priceAt(index: number): number {
    return this.#cells[index * WIDTH] as number;
  }

  /** The digits of a quantity, as one integer. */
  quantityAt(index: number): number {
    return this.#cells[index * WIDTH + 1] as number;
  }

  /** How a level was written; see {@link levelForm}. */
  formAt(index: number): number {
    return this.#cells[index * WIDTH + 2] as number;
  }

  /** A level; counted from the end where the index is negative. Undefined if there is none. */
  at(index: number): Level | undefined {
    const row = index < 0 ? this.length + index : index;
    if (row < 0 || row >= this.length) return undefined;
    return levelOf(this.priceAt(row), this.quantityAt(row), this.formAt(row));
  }

  /** The level at an index; `known` if it is that of the same index of other rows, and the same. */
  after(others: LevelRows, known: Level, index: number): Level {
    const price = this.priceAt(index);
    const quantity = this.quantityAt(index);
    const form = this.formAt(index);
    const isSame =
      price === others.priceAt(index) &&
      quantity === others.quantityAt(index) &&
      form === others.formAt(index);
    return isSame ? known : new RowLevel(price, quantity, form);
  }

  *[Symbol.iterator](): Generator<Level, undefined> {
    for (let index = 0; index < this.length; index += 1) yield this.at(index) as Level;
  }

  /** Another process receives levels, not rows. */
  toJSON(): Level[] {
    return [...this];
  }
}

/** No levels; nobody adds any. */
export const NO_ROWS = new LevelRows();

/** What a row says. */
export function levelOf(price: number, quantity: number, form: number): Level {
  return {
    price: priceOfUnits(unitsOfDigits(price, priceScaleOf(form))),
    quantity: quantityOfUnits(unitsOfDigits(quantity, quantityScaleOf(form))),
  };
}
