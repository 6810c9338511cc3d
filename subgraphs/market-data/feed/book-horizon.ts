import type { Level } from '../domain/level.ts';
import type { BookChanges, Levels } from '../domain/level-rows.ts';

/** From the best price of one side to the last one that was told, when it was told. */
interface Reach {
  readonly lengthAtFirst: bigint;
  readonly end: bigint;
}

/**
 * How far a snapshot of this many levels reaches. Behind its end only what changes becomes known, so a
 * market that comes near it needs a new one.
 */
export class BookHorizon {
  readonly #limit: number;
  #bid: Reach | null = null;
  #ask: Reach | null = null;

  /** @param limit the most levels of a side in a snapshot; with fewer it has all */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** A snapshot was taken; its levels come best first. */
  begin({ bids, asks }: BookChanges): void {
    this.#bid = this.#reachOf(bids);
    this.#ask = this.#reachOf(asks);
  }

  /** Whether less than a quarter of the way to the end is left, on either side. */
  isNear({ bid, ask }: { readonly bid: Level; readonly ask: Level }): boolean {
    if (this.#bid !== null && isShort(this.#bid, bid.price - this.#bid.end)) return true;
    return this.#ask !== null && isShort(this.#ask, this.#ask.end - ask.price);
  }

  #reachOf(levels: Levels): Reach | null {
    const [best, last] = [levels.at(0), levels.at(-1)];
    if (best === undefined || last === undefined || levels.length < this.#limit) return null;
    const length = best.price - last.price;
    return { lengthAtFirst: length < 0n ? -length : length, end: last.price };
  }
}

function isShort({ lengthAtFirst }: Reach, left: bigint): boolean {
  return 4n * left < lengthAtFirst;
}
