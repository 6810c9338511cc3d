import type { Price } from '#shared/domain/price.ts';
import type { Quantity } from '#shared/domain/quantity.ts';
import type { Level } from './level.ts';

/**
 * One side of a book: its levels in a sorted array, worst first, so that the many changes near the
 * best price move few elements. Finding a level is a binary search.
 */
export class BookSide {
  readonly #isBid: boolean;
  readonly #levels: Level[] = [];

  constructor(side: 'bid' | 'ask') {
    this.#isBid = side === 'bid';
  }

  /** Sets what rests at a price; 0 removes the level, and removing an unknown one is ignored. */
  set(price: Price, quantity: Quantity): void {
    const index = this.#indexOf(price);
    const isKnown = this.#levels[index]?.price === price;
    if (quantity > 0n) this.#levels.splice(index, isKnown ? 1 : 0, { price, quantity });
    else if (isKnown) this.#levels.splice(index, 1);
  }

  /** Forgets every level. */
  clear(): void {
    this.#levels.length = 0;
  }

  /** The best level, or null when the side is empty. */
  best(): Level | null {
    return this.#levels.at(-1) ?? null;
  }

  /** At most `count` levels, best first. */
  top(count: number): Level[] {
    return this.#levels.slice(-count).reverse();
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
      const known = (this.#levels[middle] as Level).price;
      if (this.#isBid ? known < price : known > price) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
