import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import type { FeedEvent } from '../domain/feed-event.ts';
import type { BookChanges } from '../domain/level-rows.ts';
import { OrderBook } from '../domain/order-book.ts';

/** Diffs kept while a snapshot is awaited; about 100 s of them at one per 100 ms. */
const MAX_BUFFERED = 1000;

/** One diff of a book with the venue's first and last update id in it. */
export interface DepthDiff extends BookChanges {
  readonly firstUpdateId: number;
  readonly lastUpdateId: number;
  readonly exchangeTimeMs: number | null;
}

/**
 * Binance's rule for one book: diffs are kept until a snapshot comes, those it already holds are
 * dropped, the rest must follow one another without a hole. After a hole the book is lost, and
 * diffs are kept again until the next snapshot. A book that is renewed goes on as it is until then.
 */
export class DepthSynchronizer {
  readonly #symbol: InstrumentSymbol;
  #buffered: DepthDiff[] = [];
  /** The last update id in the book; null while a snapshot is awaited. */
  #lastUpdateId: number | null = null;
  /** Whether the book goes on, and a snapshot is wanted that reaches further. */
  #isRenewing = false;

  constructor(symbol: InstrumentSymbol) {
    this.#symbol = symbol;
  }

  /** Whether a snapshot is wanted: the book cannot go on without one, or is to be renewed. */
  get needsSnapshot(): boolean {
    return this.#lastUpdateId === null || this.#isRenewing;
  }

  /** Wants a new snapshot of a book that goes on meanwhile. */
  renew(): void {
    this.#isRenewing ||= this.#lastUpdateId !== null;
  }

  /** Takes the next diff; one that is already in the book changes nothing. */
  diff(diff: DepthDiff): FeedEvent[] {
    if (this.#lastUpdateId === null || this.#isRenewing) {
      this.#buffered.push(diff);
      if (this.#buffered.length > MAX_BUFFERED) this.#buffered.shift();
    }
    if (this.#lastUpdateId === null) return [];
    if (diff.lastUpdateId <= this.#lastUpdateId) return [];
    if (diff.firstUpdateId > this.#lastUpdateId + 1) return this.#lose(diff);
    this.#lastUpdateId = diff.lastUpdateId;
    const { bids, asks, exchangeTimeMs } = diff;
    return [{ kind: 'bookUpdate', symbol: this.#symbol, bids, asks, exchangeTimeMs }];
  }

  /** Takes a snapshot; one that is older than the book, or than the kept diffs, changes nothing. */
  snapshot(lastUpdateId: number, levels: BookChanges): FeedEvent[] {
    if (this.#isRenewing) return this.#renewed(lastUpdateId, levels);
    if (this.#lastUpdateId !== null && lastUpdateId <= this.#lastUpdateId) return [];
    const following = this.#buffered.filter((diff) => diff.lastUpdateId > lastUpdateId);
    if ((following[0]?.firstUpdateId ?? 0) > lastUpdateId + 1) return [];
    this.#lastUpdateId = lastUpdateId;
    this.#buffered = [];
    const { bids, asks } = levels;
    return [
      { kind: 'bookSnapshot', symbol: this.#symbol, bids, asks, exchangeTimeMs: null },
      ...following.flatMap((diff) => this.diff(diff)),
    ];
  }

  /** What happened since the snapshot is in the book already, so it is told with it at once. */
  #renewed(lastUpdateId: number, levels: BookChanges): FeedEvent[] {
    const known = this.#lastUpdateId ?? 0;
    const following = this.#buffered.filter((diff) => diff.lastUpdateId > lastUpdateId);
    const first = following[0]?.firstUpdateId ?? known + 1;
    if (first > lastUpdateId + 1) return [];
    const book = new OrderBook();
    book.replace(levels);
    for (const diff of following) book.apply(diff);
    this.#lastUpdateId = Math.max(known, lastUpdateId);
    this.#isRenewing = false;
    this.#buffered = [];
    const exchangeTimeMs = following.at(-1)?.exchangeTimeMs ?? null;
    const { bids, asks } = book.whole();
    return [{ kind: 'bookSnapshot', symbol: this.#symbol, bids, asks, exchangeTimeMs }];
  }

  #lose(diff: DepthDiff): FeedEvent[] {
    this.#lastUpdateId = null;
    this.#isRenewing = false;
    this.#buffered = [diff];
    return [{ kind: 'bookLost', symbol: this.#symbol }];
  }
}
