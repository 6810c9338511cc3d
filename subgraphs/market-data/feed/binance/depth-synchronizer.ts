import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import type { FeedEvent } from '../../domain/feed-event.ts';
import type { FeedLevels } from '../../domain/book/level-rows.ts';
import { OrderBook } from '../../domain/book/order-book.ts';
import { StaleCounters } from '../stale-counters.ts';

/** Diffs kept while waiting for a snapshot; about 100 s at one per 100 ms. */
const MAX_BUFFERED = 1000;
/** Their levels together; a snapshot that is older than the rest is not applied. */
const MAX_BUFFERED_LEVELS = 1_000_000;

/** One diff of a book, with its first and last update id. */
export interface DepthDiff extends FeedLevels {
  readonly firstUpdateId: number;
  readonly lastUpdateId: number;
  readonly exchangeTimeMs: number | null;
}

/** A snapshot and the diffs that follow it; nothing if it is not applied. */
type SnapshotEvents =
  readonly [] | readonly [FeedEvent & { readonly kind: 'bookSnapshot' }, ...FeedEvent[]];

/**
 * Binance's rule for one book: diffs are kept until a snapshot arrives. Those it already contains are
 * dropped; the rest must follow each other without a gap. After a gap the book is lost, and diffs are
 * kept again until the next snapshot. A book under renewal keeps working until its snapshot arrives.
 */
export class DepthSynchronizer {
  readonly #symbol: InstrumentSymbol;
  #buffered: DepthDiff[] = [];
  /** The last update id in the book; null while waiting for a snapshot. */
  #lastUpdateId: number | null = null;
  /** Whether a deeper snapshot is wanted while the book keeps working. */
  #isRenewing = false;
  readonly #stale = new StaleCounters();

  constructor(symbol: InstrumentSymbol) {
    this.#symbol = symbol;
  }

  /** Whether a snapshot is wanted: the book is lost or due for renewal. */
  get needsSnapshot(): boolean {
    return this.#lastUpdateId === null || this.#isRenewing;
  }

  /** Asks for a new snapshot; the book keeps working meanwhile. */
  renew(): void {
    this.#isRenewing ||= this.#lastUpdateId !== null;
  }

  /**
   * Applies the next diff; one that the book already contains changes nothing.
   * @throws MalformedFrameError if the venue counts from below again
   */
  diff(diff: DepthDiff): FeedEvent[] {
    const known = this.#lastUpdateId;
    if (known !== null && diff.lastUpdateId <= known) {
      this.#stale.drop(known);
      return [];
    }
    if (this.needsSnapshot) this.#keep(diff);
    if (known === null) return [];
    if (diff.firstUpdateId > known + 1) return this.#lose(diff);
    this.#lastUpdateId = diff.lastUpdateId;
    const { bids, asks, exchangeTimeMs } = diff;
    return [{ kind: 'bookUpdate', symbol: this.#symbol, bids, asks, exchangeTimeMs }];
  }

  /** Applies a snapshot, whose event is the first; one older than the book or the kept diffs changes nothing. */
  snapshot(lastUpdateId: number, levels: FeedLevels): SnapshotEvents {
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

  /** The book already contains the changes since the snapshot, so they are published together with it. */
  #renewed(lastUpdateId: number, levels: FeedLevels): SnapshotEvents {
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

  #keep(diff: DepthDiff): void {
    this.#buffered.push(diff);
    while (this.#buffered.length > MAX_BUFFERED || levelsIn(this.#buffered) > MAX_BUFFERED_LEVELS)
      this.#buffered.shift();
  }

  #lose(diff: DepthDiff): FeedEvent[] {
    this.#lastUpdateId = null;
    this.#isRenewing = false;
    this.#buffered = [diff];
    return [{ kind: 'bookLost', symbol: this.#symbol }];
  }
}

function levelsIn(diffs: readonly DepthDiff[]): number {
  return diffs.reduce((sum, { bids, asks }) => sum + bids.length + asks.length, 0);
}
