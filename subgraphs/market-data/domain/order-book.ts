import { BookSide } from './book-side.ts';
import type { BookLevels, Level } from './level.ts';

/** A level-2 order book: what rests at each price, and a sequence that counts its changes. */
export class OrderBook {
  readonly #bids = new BookSide('bid');
  readonly #asks = new BookSide('ask');
  #sequence = 0;

  /** +1 with every applied change, a replacement included; 0 before the first. */
  get sequence(): number {
    return this.#sequence;
  }

  /** Applies all parts of one change together: nobody sees the book half way. */
  apply(changes: BookLevels): void {
    for (const level of changes.bids) this.#bids.set(level);
    for (const level of changes.asks) this.#asks.set(level);
    this.#sequence += 1;
  }

  /** Forgets what was known and takes this instead. */
  replace(levels: BookLevels): void {
    this.#bids.replace(levels.bids);
    this.#asks.replace(levels.asks);
    this.#sequence += 1;
  }

  /** The best bid, or null. */
  bestBid(): Level | null {
    return this.#bids.best();
  }

  /** The best ask, or null. */
  bestAsk(): Level | null {
    return this.#asks.best();
  }

  /** Whether the best bid has reached the best ask: no venue's book is so at rest. */
  isCrossed(): boolean {
    const [bid, ask] = [this.bestBid(), this.bestAsk()];
    return bid !== null && ask !== null && bid.price >= ask.price;
  }

  /** At most `depth` levels of each side, best first. */
  top(depth: number): BookLevels {
    return { bids: this.#bids.top(depth), asks: this.#asks.top(depth) };
  }

  /** All bids, best first. */
  bids(): Iterable<Level> {
    return this.#bids.levels();
  }

  /** All asks, best first. */
  asks(): Iterable<Level> {
    return this.#asks.levels();
  }

  /** How many levels both sides have together. */
  get size(): number {
    return this.#bids.size + this.#asks.size;
  }
}
