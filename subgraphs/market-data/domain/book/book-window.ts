import type { Price } from '#shared/domain/price.ts';
import { ZERO_QUANTITY } from '#shared/domain/quantity.ts';
import type { BookLevels, Level } from './level.ts';
import type { ShownBook } from './order-book.ts';
import { topOfBook } from './price-step.ts';

/**
 * The best levels of a book to one depth and grouped by one price step, as a subscriber of those knows
 * them. It says what such a subscriber must be told after each change: levels that leave the window go
 * by quantity 0, levels that come into it are sent.
 */
export class BookWindow {
  readonly depth: number;
  /** Null leaves every price by itself. */
  readonly priceStep: Price | null;
  #levels: BookLevels = { bids: [], asks: [] };

  constructor(depth: number, priceStep: Price | null = null) {
    this.depth = depth;
    this.priceStep = priceStep;
  }

  /** What the subscriber knows now, best first. */
  get levels(): BookLevels {
    return this.#levels;
  }

  /** Follows the book. @returns what changed inside the window; null if nothing did */
  follow(book: ShownBook): BookLevels | null {
    const before = this.#levels;
    this.#levels = topOfBook(book, this.depth, this.priceStep);
    return changesBetween(before, this.#levels);
  }
}

/** What turns one book into the other, both best first; null if nothing does. */
export function changesBetween(before: BookLevels, after: BookLevels): BookLevels | null {
  const bids = changesOf(before.bids, after.bids, (left, right) => left > right);
  const asks = changesOf(before.asks, after.asks, (left, right) => left < right);
  return bids.length === 0 && asks.length === 0 ? null : { bids, asks };
}

function changesOf(
  before: readonly Level[],
  after: readonly Level[],
  isBetter: (left: bigint, right: bigint) => boolean,
): Level[] {
  const changes: Level[] = [];
  let position = 0;
  for (const level of after) {
    let known = before[position];
    while (known !== undefined && isBetter(known.price, level.price)) {
      changes.push({ price: known.price, quantity: ZERO_QUANTITY });
      known = before[(position += 1)];
    }
    const isKnown = known?.price === level.price;
    if (isKnown) position += 1;
    if (!isKnown || known?.quantity !== level.quantity) changes.push(level);
  }
  for (const { price } of before.slice(position)) changes.push({ price, quantity: ZERO_QUANTITY });
  return changes;
}
