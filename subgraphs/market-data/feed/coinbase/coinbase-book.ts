import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import type { FeedEvent } from '../../domain/feed-event.ts';
import type { Level } from '../../domain/book/level.ts';
import type { FeedLevels } from '../../domain/book/level-rows.ts';
import { OrderBook } from '../../domain/book/order-book.ts';
import { millisecondsOf } from '../venue-time.ts';

/**
 * One book of Coinbase Exchange, whose changes carry neither sequence nor checksum. Only two symptoms
 * show that a message was lost or reordered: the best bid reaches the best ask, or a message is older
 * than the previous one. Then the book is lost until the next snapshot. A repeated message changes
 * nothing.
 */
export class CoinbaseBook {
  readonly #symbol: InstrumentSymbol;
  readonly #book = new OrderBook();
  #state: 'awaited' | 'whole' | 'lost' = 'awaited';
  /** Time of the last change, since the epoch. */
  #microseconds = 0;
  /** Time of the newest published quote, since the epoch. */
  #toldMicroseconds = 0;
  /** The best levels as last published. */
  #toldBid: Level | null = null;
  #toldAsk: Level | null = null;

  constructor(symbol: InstrumentSymbol) {
    this.#symbol = symbol;
  }

  /** Whether it was never whole. */
  get isAwaited(): boolean {
    return this.#state === 'awaited';
  }

  /** Whether the book cannot go on without a snapshot. */
  get needsSnapshot(): boolean {
    return this.#state !== 'whole';
  }

  /** Replaces the whole book. */
  snapshot(levels: FeedLevels): FeedEvent[] {
    this.#book.replace(levels);
    if (this.#book.isCrossed()) return this.#refute();
    this.#state = 'whole';
    this.#microseconds = 0;
    // What was published before is older, whatever time the venue's clock had then.
    this.#toldMicroseconds = 0;
    const { bids, asks } = levels;
    const place = { symbol: this.#symbol, exchangeTimeMs: null, book: this.#book };
    const whole = { kind: 'bookSnapshot', ...place, bids, asks } as const;
    const bid = this.#book.bestBid();
    const ask = this.#book.bestAsk();
    if (bid === this.#toldBid && ask === this.#toldAsk) return [whole];
    return [whole, this.#quote(bid, ask, null)];
  }

  /** Applies changes; ignores them without a whole book to apply them to. */
  update(levels: FeedLevels, microseconds: number): FeedEvent[] {
    if (this.#state !== 'whole') return [];
    if (microseconds < this.#microseconds) return this.#lose();
    this.#microseconds = microseconds;
    this.#book.apply(levels);
    const bid = this.#book.bestBid();
    const ask = this.#book.bestAsk();
    const isTold = bid === this.#toldBid && ask === this.#toldAsk;
    // A top that stands still has not crossed.
    if (!isTold && this.#book.isCrossed()) return this.#refute();
    const change = {
      kind: 'bookUpdate',
      symbol: this.#symbol,
      bids: levels.bids,
      asks: levels.asks,
      exchangeTimeMs: millisecondsOf(microseconds),
      book: this.#book,
    } as const;
    // The venue batches book changes, so a ticker sent meanwhile can be newer.
    if (isTold || microseconds < this.#toldMicroseconds) return [change];
    return [change, this.#quote(bid, ask, microseconds)];
  }

  /** Takes the best levels of a ticker, unless the book has seen something newer. */
  ticker(bid: Level, ask: Level, microseconds: number): FeedEvent[] {
    const isOld = microseconds <= this.#microseconds;
    if (isOld || this.#state === 'lost' || bid.price >= ask.price) return [];
    return [this.#quote(bid, ask, microseconds)];
  }

  /** The venue sends tickers only with trades, so quotes come from the top of the book whenever it moves. */
  #quote(bid: Level | null, ask: Level | null, microseconds: number | null): FeedEvent {
    this.#toldBid = bid;
    this.#toldAsk = ask;
    if (microseconds !== null) this.#toldMicroseconds = microseconds;
    const exchangeTimeMs = microseconds === null ? null : millisecondsOf(microseconds);
    return { kind: 'quote', symbol: this.#symbol, bid, ask, exchangeTimeMs };
  }

  /** Shows nothing where the book is proven wrong. */
  #refute(): FeedEvent[] {
    this.#book.forget();
    return this.#lose({ isRefuted: true });
  }

  /** Reports the loss once; a book that was never whole cannot be lost. */
  #lose(proof: { readonly isRefuted?: true } = {}): FeedEvent[] {
    const wasWhole = this.#state === 'whole';
    if (wasWhole) this.#state = 'lost';
    return wasWhole ? [{ kind: 'bookLost', symbol: this.#symbol, ...proof }] : [];
  }
}
