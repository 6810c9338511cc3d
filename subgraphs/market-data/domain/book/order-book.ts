import type { Price } from '#shared/domain/price.ts';
import { type BookSide, isCrossed, plainSide } from './book-side.ts';
import { GroupedBook, type SideName } from './grouped-book.ts';
import type { BookLevels, Level } from './level.ts';
import { type FeedLevels, NO_ROWS } from './level-rows.ts';
import type { ChangeListener } from './row-side.ts';

/** Groupings of a book in which more levels than this change at once are made again when they are asked for. */
const MANY = 500;
/** A grouping that nobody asked for over this many changes is dropped. */
const FORGOTTEN_AFTER = 1000;

interface Grouping {
  readonly book: GroupedBook;
  /** How many changes the book had seen when it was last asked for. */
  readonly askedAt: number;
}

/** The worst price of each side to which every level is known; null for a side that is known whole. */
export type KnownTo = Readonly<Record<'bid' | 'ask', Pick<Level, 'price'> | null>>;

/** The worst price of each side behind which more may rest than is known; null if nothing does. */
export type Horizon = Readonly<Record<'bid' | 'ask', Price | null>>;

/** How much of a book will ever be known. */
interface BookLimits {
  /** The most levels of a side; absent if there is no limit. */
  readonly depth?: number | undefined;
  /** Absent if all levels are known. */
  readonly knownTo?: KnownTo | undefined;
}

/** A book as whoever does not keep it sees it. */
export type ShownBook = Omit<OrderBook, 'apply' | 'replace' | 'forget' | 'cutTo'>;

/** A level-2 order book: what rests at each price. */
export class OrderBook {
  readonly #bids: BookSide;
  readonly #asks: BookSide;
  /** By their steps, of which an instrument has few. */
  readonly #groupings = new Map<Price, Grouping>();
  #changes = 0;
  #depth = Infinity;
  #knownTo: KnownTo | null = null;

  /** @param sides kept by someone who reads more of them than their levels */
  constructor(bids: BookSide = plainSide('bid'), asks: BookSide = plainSide('ask')) {
    this.#bids = bids;
    this.#asks = asks;
  }

  /** The most levels of a side that are known; Infinity where all are. */
  get depth(): number {
    return this.#depth;
  }

  /** Null if the levels are known whole, or to the {@link depth}. */
  get knownTo(): KnownTo | null {
    return this.#knownTo;
  }

  /** See {@link Horizon}. */
  get horizon(): Horizon {
    if (this.#knownTo !== null)
      return { bid: this.#knownTo.bid?.price ?? null, ask: this.#knownTo.ask?.price ?? null };
    const of = (side: BookSide) => (side.size < this.#depth ? null : (side.worst()?.price ?? null));
    return { bid: of(this.#bids), ask: of(this.#asks) };
  }

  /** Whether the market has moved past all that is known of a side: others may rest before its best level. */
  get isPassed(): boolean {
    if (this.#knownTo === null) return false;
    const { bid, ask } = this.#knownTo;
    return (
      (bid !== null && (this.bestBid()?.price ?? -Infinity) < bid.price) ||
      (ask !== null && (this.bestAsk()?.price ?? Infinity) > ask.price)
    );
  }

  /** Applies all parts of one change together: nobody sees the book halfway. */
  apply({ bids, asks }: FeedLevels): void {
    if (this.#keepsGroupingsUp(bids.length + asks.length)) this.#applyGrouped({ bids, asks });
    else {
      this.#bids.apply(bids);
      this.#asks.apply(asks);
    }
    this.#changes += 1;
  }

  /** Forgets what was known and takes this instead. */
  replace(levels: FeedLevels, { depth = Infinity, knownTo }: BookLimits = {}): void {
    this.#depth = depth;
    this.#knownTo = knownTo ?? null;
    this.#bids.replace(levels.bids);
    this.#asks.replace(levels.asks);
    this.#groupings.clear();
  }

  /** Forgets every level: nobody is shown a book that is proven wrong. */
  forget(): void {
    this.replace({ bids: NO_ROWS, asks: NO_ROWS }, { depth: this.#depth });
  }

  /** Forgets the worst levels of each side beyond `depth`. @returns their removals */
  cutTo(depth: number): FeedLevels {
    if (!this.#keepsGroupingsUp(this.size - 2 * depth))
      return { bids: this.#bids.cutTo(depth), asks: this.#asks.cutTo(depth) };
    const bids = this.#bids.cutTo(depth, this.#regroup('bids'));
    return { bids, asks: this.#asks.cutTo(depth, this.#regroup('asks')) };
  }

  /** The book grouped by a step; the same one for anyone who asks, as long as somebody does. */
  groupedBy(step: Price): GroupedBook {
    const book = this.#groupings.get(step)?.book ?? new GroupedBook(step, this.top(Infinity));
    this.#groupings.set(step, { book, askedAt: this.#changes });
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
  whole(): FeedLevels {
    return { bids: this.#bids.levels(), asks: this.#asks.levels() };
  }

  /** How many levels both sides have together. */
  get size(): number {
    return this.#bids.size + this.#asks.size;
  }

  /** Another process keeps a book of its own: it receives changes, not this one. */
  toJSON(): undefined {
    return undefined;
  }

  /** Whether groupings are to be kept up with a change of so many levels; with many, all are dropped. */
  #keepsGroupingsUp(levels: number): boolean {
    if (this.#groupings.size > 0 && levels > MANY) this.#groupings.clear();
    return this.#groupings.size > 0;
  }

  #applyGrouped({ bids, asks }: FeedLevels): void {
    for (const [step, { askedAt }] of this.#groupings)
      if (this.#changes - askedAt > FORGOTTEN_AFTER) this.#groupings.delete(step);
    this.#bids.apply(bids, this.#regroup('bids'));
    this.#asks.apply(asks, this.#regroup('asks'));
  }

  #regroup(side: SideName): ChangeListener {
    return (price, difference) => {
      for (const { book } of this.#groupings.values()) book.add(side, price, difference);
    };
  }
}
