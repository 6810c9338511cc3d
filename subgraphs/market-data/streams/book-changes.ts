import { toTimestamp } from '#shared/domain/clock.ts';
import { type BookWish, bookView } from '../domain/book/book-view.ts';
import { BookWindow } from '../domain/book/book-window.ts';
import { bookChecksum } from '../domain/book/checksum.ts';
import { type BookLevelsView, bookLevelsView } from '../domain/book/level-view.ts';
import type { BookChange, MarketState } from '../domain/market-state.ts';
import {
  type OrderBookSnapshot,
  type OrderBookUpdate,
  type StreamGap,
  streamGap,
} from './frames.ts';
import type { WholeStream } from './whole-source.ts';

/** A change within the requested depth, or an event of the whole book. */
type BookItem =
  | (BookLevelsView & {
      readonly kind: 'changed';
      readonly sequence: number;
      readonly checksum: string;
      readonly exchangeTime: string | null;
      readonly receivedTime: string;
    })
  | { readonly kind: 'replaced' }
  | { readonly kind: 'lost' };

/** One instrument's book at one depth and price step: a snapshot, then every change within it. */
export class BookChanges implements WholeStream<
  BookItem,
  OrderBookSnapshot | OrderBookUpdate | StreamGap
> {
  readonly symbol: string;
  readonly #market: MarketState;
  readonly #window: BookWindow;
  #sentSequence = 0;

  constructor(market: MarketState, { depth, priceStep }: BookWish) {
    this.symbol = market.instrument.symbol;
    this.#market = market;
    this.#window = new BookWindow(depth, priceStep);
  }

  get sentSequence(): number {
    return this.#sentSequence;
  }

  get newestSequence(): number {
    return this.#market.bookSequence;
  }

  get sourceAtMs(): number | null {
    return this.#market.bookTimes?.receivedAtMs ?? null;
  }

  listen(push: (item: BookItem) => void): () => void {
    this.#window.follow(this.#market.book);
    return this.#market.onBook.add((change) => {
      const item = this.#itemOf(change);
      if (item !== null) push(item);
    });
  }

  fresh(nowMs: number): OrderBookSnapshot[] {
    const book = bookView(this.#market, this.#window, nowMs);
    if (book === null) return [];
    this.#sentSequence = this.newestSequence;
    return [{ __typename: 'OrderBookSnapshot', book, sequence: book.sequence }];
  }

  frames(item: BookItem, nowMs: number): (OrderBookSnapshot | OrderBookUpdate | StreamGap)[] {
    if (item.kind === 'replaced') return this.fresh(nowMs);
    const previous = this.#sentSequence;
    if (item.kind === 'lost')
      return [streamGap(this.symbol, 'FEED_GAP', { from: previous, to: null })];
    if (item.sequence <= previous) return [];
    this.#sentSequence = item.sequence;
    const { kind: _kind, ...change } = item;
    const links = { sequence: String(item.sequence), previousSequence: String(previous) };
    return [{ __typename: 'OrderBookUpdate', symbol: this.symbol, ...change, ...links }];
  }

  isStale(): null {
    return null;
  }

  /** The client learns by a gap that the book was lost. */
  staleHasChanged(): boolean {
    return false;
  }

  #itemOf({ kind }: BookChange): BookItem | null {
    if (kind === 'lost') return { kind };
    const changes = this.#window.follow(this.#market.book);
    if (kind === 'replaced') return { kind };
    const times = this.#market.bookTimes;
    if (changes === null || times === null) return null;
    const { instrument } = this.#market;
    const levels = bookLevelsView(this.#window.levels, instrument);
    return {
      kind: 'changed',
      ...bookLevelsView(changes, instrument),
      sequence: this.newestSequence,
      checksum: bookChecksum(levels.bids, levels.asks),
      exchangeTime: times.exchangeTimeMs === null ? null : toTimestamp(times.exchangeTimeMs),
      receivedTime: toTimestamp(times.receivedAtMs),
    };
  }
}
