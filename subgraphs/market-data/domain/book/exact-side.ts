import { invariant } from '#shared/domain/invariant.ts';
import type { Price } from '#shared/domain/price.ts';
import type { Level } from './level.ts';
import { MOST_LEVELS } from './sorted-cells.ts';

/** More levels than this are merged with the others, instead of being put among them one by one. */
const MANY = 500;

/**
 * One side of a book whose amounts may be of any size: its levels in a sorted array, worst first, so
 * that the many changes near the best price move few elements. Finding a level is a binary search.
 */
export class ExactSide<Kept extends Level = Level> {
  readonly #isBid: boolean;
  #levels: Kept[] = [];

  constructor(side: 'bid' | 'ask') {
    this.#isBid = side === 'bid';
  }

  /**
   * Sets what rests at a price; quantity 0 removes the level, and removing an unknown one is
   * ignored.
   */
  set(level: Kept): void {
    const index = this.#indexOf(level.price);
    const isKnown = this.#levels[index]?.price === level.price;
    if (level.quantity > 0n) this.#levels.splice(index, isKnown ? 1 : 0, level);
    else if (isKnown) this.#levels.splice(index, 1);
  }

  /** Sets what rests at many prices, the last one of each price: see {@link ExactSide.set}. */
  setAll(levels: readonly Kept[]): void {
    const atMost = this.size + levels.length;
    invariant(atMost <= MOST_LEVELS, 'no side of a book has this many levels');
    if (levels.length > MANY) this.#merge(levels);
    else for (const level of levels) this.set(level);
  }

  /** Forgets every level and takes these, the first one of each price. They come in any order; venues send the best first. */
  replace(levels: readonly Kept[]): void {
    this.#levels = [];
    this.setAll(levels.toReversed());
  }

  /** Forgets the worst levels beyond `depth`. @returns those, worst first */
  cutTo(depth: number): Kept[] {
    const excess = this.#levels.length - depth;
    return excess > 0 ? this.#levels.splice(0, excess) : [];
  }

  /** What rests at a price; 0 where nothing does. */
  quantityAt(price: Price): bigint {
    const level = this.#levels[this.#indexOf(price)];
    return level?.price === price ? level.quantity : 0n;
  }

  /** The best level, or null if the side is empty. */
  best(): Kept | null {
    return this.#levels.at(-1) ?? null;
  }

  /** The worst level, or null if the side is empty. */
  worst(): Kept | null {
    return this.#levels.at(0) ?? null;
  }

  /** At most `count` levels, best first. */
  top(count: number): Kept[] {
    return this.#levels.slice(Math.max(0, this.#levels.length - count)).reverse();
  }

  /** All levels, best first. */
  *levels(): Generator<Kept, undefined> {
    for (let index = this.#levels.length - 1; index >= 0; index -= 1)
      yield this.#levels[index] as Kept;
  }

  /** How many levels there are. */
  get size(): number {
    return this.#levels.length;
  }

  /** Walks over the levels and the sorted changes together. */
  #merge(changes: readonly Kept[]): void {
    const before = this.#levels;
    const merged: Kept[] = [];
    let next = 0;
    const sorted = changes.toSorted((left, right) => this.#compare(left.price, right.price));
    for (const [place, level] of sorted.entries()) {
      // Of several levels with one price the last one counts.
      if (level.price === sorted[place + 1]?.price) continue;
      for (; next < before.length && this.#isWorse(priceAt(before, next), level.price); next += 1)
        merged.push(before[next] as Kept);
      if (before[next]?.price === level.price) next += 1;
      if (level.quantity > 0n) merged.push(level);
    }
    for (; next < before.length; next += 1) merged.push(before[next] as Kept);
    this.#levels = merged;
  }

  #compare(left: Price, right: Price): number {
    if (left === right) return 0;
    return this.#isWorse(left, right) ? -1 : 1;
  }

  /** Where the price is, or where it would be. */
  #indexOf(price: Price): number {
    let low = 0;
    let high = this.#levels.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const known = priceAt(this.#levels, middle);
      if (this.#isWorse(known, price)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #isWorse(left: Price, right: Price): boolean {
    return this.#isBid ? left < right : left > right;
  }
}

function priceAt(levels: readonly Level[], index: number): Price {
  return (levels[index] as Level).price;
}
