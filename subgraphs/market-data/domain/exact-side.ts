import type { Price } from '#shared/domain/price.ts';
import type { Level } from './level.ts';

/**
 * One side of a book whose amounts may be of any size: its levels in a sorted array, worst first, so
 * that the many changes near the best price move few elements. Finding a level is a binary search.
 */
export class ExactSide<Kept extends Level = Level> {
  readonly #isBid: boolean;
  readonly #levels: Kept[] = [];

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

  /** Forgets every level and takes these. They come in any order; venues send the best first. */
  replace(levels: readonly Kept[]): void {
    this.#levels.length = 0;
    for (let index = levels.length - 1; index >= 0; index -= 1) {
      const level = levels[index] as Kept;
      const best = this.#levels.at(-1);
      const isBest = best === undefined || this.#isWorse(best.price, level.price);
      if (isBest && level.quantity > 0n) this.#levels.push(level);
      else this.set(level);
    }
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

  /** Where the price is, or where it would be. */
  #indexOf(price: Price): number {
    let low = 0;
    let high = this.#levels.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const known = (this.#levels[middle] as Kept).price;
      if (this.#isWorse(known, price)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #isWorse(left: Price, right: Price): boolean {
    return this.#isBid ? left < right : left > right;
  }
}
