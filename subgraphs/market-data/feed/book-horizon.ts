import type { Price } from '#shared/domain/price.ts';
import type { Level } from '../domain/book/level.ts';
import type { FeedLevels, Levels } from '../domain/book/level-rows.ts';
import type { KnownTo } from '../domain/book/order-book.ts';

/** The price range of one side of a snapshot: its length then, and its last price. */
interface Reach {
  readonly lengthAtFirst: bigint;
  readonly end: Price;
}

/**
 * How far a snapshot of a limited number of levels reaches. Beyond its end only changed levels become
 * known, so a market that moves near the end needs a new snapshot.
 */
export class BookHorizon {
  readonly #limit: number;
  #bid: Reach | null = null;
  #ask: Reach | null = null;

  /** @param limit the most levels per side in a snapshot; one with fewer is complete */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Starts from a snapshot, best levels first. @returns its ends; null if it is complete */
  begin({ bids, asks }: FeedLevels): KnownTo | null {
    this.#bid = this.#reachOf(bids);
    this.#ask = this.#reachOf(asks);
    return this.#bid === null && this.#ask === null
      ? null
      : { bid: endOf(this.#bid), ask: endOf(this.#ask) };
  }

  /** Whether either side has less than a quarter of its reach left. */
  isNear({ bid, ask }: { readonly bid: Level | null; readonly ask: Level | null }): boolean {
    if (this.#bid !== null && bid !== null && isShort(this.#bid, bid.price - this.#bid.end))
      return true;
    return this.#ask !== null && ask !== null && isShort(this.#ask, this.#ask.end - ask.price);
  }

  #reachOf(levels: Levels): Reach | null {
    const [best, last] = [levels.at(0), levels.at(-1)];
    if (best === undefined || last === undefined || levels.length < this.#limit) return null;
    const length = best.price - last.price;
    return { lengthAtFirst: length < 0n ? -length : length, end: last.price };
  }
}

function endOf(reach: Reach | null): KnownTo['bid'] {
  return reach && { price: reach.end };
}

function isShort({ lengthAtFirst }: Reach, left: bigint): boolean {
  return 4n * left < lengthAtFirst;
}
