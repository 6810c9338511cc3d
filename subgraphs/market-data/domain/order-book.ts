import type { Price } from '#shared/domain/price.ts';
import { type BookSide, isCrossed, plainSide } from './book-side.ts';
import { GroupedBook, type SideName } from './grouped-book.ts';
import type { BookLevels, Level } from './level.ts';
import type { BookChanges } from './level-rows.ts';

/** A grouping that nobody asked for over this many changes is dropped. */
const FORGOTTEN_AFTER = 1000;

interface Grouping {
  readonly book: GroupedBook;
  /** The book's sequence when it was last asked for. */
  readonly askedAt: number;
}

/** A level-2 order book: what rests at each price, and a sequence that counts its changes. */
export class OrderBook {
  readonly #bids = plainSide('bid');
  readonly #asks = plainSide('ask');
  /** By their steps, of which an instrument has few. */
  readonly #groupings = new Map<Price, Grouping>();
  #sequence = 0;
  #depth = Infinity;

  /** +1 with every applied change, a replacement included; 0 before the first. */
  get sequence(): number {
    return this.#sequence;
  }

  /** The most levels of a side that are known; Infinity where all are. */
  get depth(): number {
    return this.#depth;
  }

  /** The worst known price of each side, behind which more may rest; null if nothing does. */
  get horizon(): { readonly bid: Price | null; readonly ask: Price | null } {
    const of = (side: BookSide) => (side.size < this.#depth ? null : (side.worst()?.price ?? null));
    return { bid: of(this.#bids), ask: of(this.#asks) };
  }

  /** Applies all parts of one change together: nobody sees the book halfway. */
  apply({ bids, asks }: BookChanges): void {
    if (this.#groupings.size > 0) this.#applyGrouped({ bids, asks });
    else {
      this.#bids.apply(bids);
      this.#asks.apply(asks);
    }
    this.#sequence += 1;
  }

  /**
   * Forgets what was known and takes this instead.
   * @param depth the most levels of a side that will ever be known
   */
  replace(levels: BookChanges, depth = Infinity): void {
    this.#depth = depth;
    this.#bids.replace(levels.bids);
    this.#asks.replace(levels.asks);
    this.#groupings.clear();
    this.#sequence += 1;
  }

  /** The book grouped by a step; the same one for anyone who asks, as long as somebody does. */
  groupedBy(step: Price): GroupedBook {
    const book = this.#groupings.get(step)?.book ?? new GroupedBook(step, this.top(Infinity));
    this.#groupings.set(step, { book, askedAt: this.#sequence });
    return book;
  }

  /** The best bid, or null. */
  bestBid(): Level | null {
    return this.#bids.best();
  }

  /** The best ask, or null. */
  bestAsk(): Level | null {
    return this.#asks.best();
  }

  /** Whether the best bid has reached the best ask: at rest no venue's book has that. */
  isCrossed(): boolean {
    return isCrossed(this.#bids, this.#asks);
  }

  /** At most `depth` levels of each side, best first. */
  top(depth: number): BookLevels {
    return { bids: this.#bids.top(depth), asks: this.#asks.top(depth) };
  }

  /** All levels, in the form in which they are held. */
  whole(): BookChanges {
    return { bids: this.#bids.levels(), asks: this.#asks.levels() };
  }

  /** How many levels both sides have together. */
  get size(): number {
    return this.#bids.size + this.#asks.size;
  }

  #applyGrouped({ bids, asks }: BookChanges): void {
    for (const [step, { askedAt }] of this.#groupings)
      if (this.#sequence - askedAt > FORGOTTEN_AFTER) this.#groupings.delete(step);
    const hears = (side: SideName) => (price: Price, difference: bigint) => {
      for (const { book } of this.#groupings.values()) book.add(side, price, difference);
    };
    this.#bids.apply(bids, hears('bids'));
    this.#asks.apply(asks, hears('asks'));
  }
}
