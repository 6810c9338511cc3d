import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import { isCrossed, plainSide } from '../domain/book-side.ts';
import type { FeedEvent } from '../domain/feed-event.ts';
import type { Level } from '../domain/level.ts';
import type { BookChanges } from '../domain/level-rows.ts';
import { millisecondsOf } from './venue-time.ts';

/**
 * One book of Coinbase Exchange, whose changes carry neither sequence nor checksum. What can be
 * seen is a book whose best bid has reached its best ask, and a message that is older than the last
 * one: then something was lost or misplaced, and so is the book, until the next snapshot. A message
 * that came twice changes nothing.
 */
export class CoinbaseBook {
  readonly #symbol: InstrumentSymbol;
  readonly #bids = plainSide('bid');
  readonly #asks = plainSide('ask');
  #state: 'awaited' | 'whole' | 'lost' = 'awaited';
  /** Since the epoch, of the last change. */
  #microseconds = 0;
  /** Since the epoch, of the newest quote that was told. */
  #toldMicroseconds = 0;
  /** The best levels as they were last told. */
  #toldBid: Level | null = null;
  #toldAsk: Level | null = null;

  constructor(symbol: InstrumentSymbol) {
    this.#symbol = symbol;
  }

  /** Whether the book cannot go on without a snapshot. */
  get needsSnapshot(): boolean {
    return this.#state !== 'whole';
  }

  /** Takes the whole book. */
  snapshot(levels: BookChanges): FeedEvent[] {
    const { bids, asks } = levels;
    this.#bids.replace(bids);
    this.#asks.replace(asks);
    if (isCrossed(this.#bids, this.#asks)) return this.#lose();
    this.#state = 'whole';
    this.#microseconds = 0;
    const whole = { kind: 'bookSnapshot', symbol: this.#symbol, bids, asks } as const;
    return this.#withQuote({ ...whole, exchangeTimeMs: null }, null);
  }

  /** Takes changes; without a whole book to apply them to they say nothing. */
  update({ bids, asks }: BookChanges, microseconds: number): FeedEvent[] {
    if (this.#state !== 'whole') return [];
    if (microseconds < this.#microseconds) return this.#lose();
    this.#microseconds = microseconds;
    const rank = Math.min(this.#bids.apply(bids), this.#asks.apply(asks));
    if (rank === 0 && isCrossed(this.#bids, this.#asks)) return this.#lose();
    const exchangeTimeMs = millisecondsOf(microseconds);
    const change = {
      kind: 'bookUpdate',
      symbol: this.#symbol,
      bids,
      asks,
      exchangeTimeMs,
    } as const;
    return this.#withQuote(change, microseconds);
  }

  /** Takes the best levels of a ticker; a book that has heard of something newer knows better. */
  ticker(bid: Level, ask: Level, microseconds: number): FeedEvent[] {
    const isOld = microseconds <= this.#microseconds;
    if (isOld || this.#state === 'lost' || bid.price >= ask.price) return [];
    return [this.#quote(bid, ask, microseconds)];
  }

  /**
   * The venue's ticker comes with trades only, so quotes are the book's own top, when it moves. Changes
   * of the book are gathered: what a ticker has told meanwhile may be newer.
   */
  #withQuote(change: FeedEvent, microseconds: number | null): FeedEvent[] {
    const bid = this.#bids.best();
    const ask = this.#asks.best();
    const isTold = bid === this.#toldBid && ask === this.#toldAsk;
    if (isTold || (microseconds !== null && microseconds < this.#toldMicroseconds)) return [change];
    return [change, this.#quote(bid, ask, microseconds)];
  }

  #quote(bid: Level | null, ask: Level | null, microseconds: number | null): FeedEvent {
    this.#toldBid = bid;
    this.#toldAsk = ask;
    if (microseconds !== null) this.#toldMicroseconds = microseconds;
    const exchangeTimeMs = microseconds === null ? null : millisecondsOf(microseconds);
    return { kind: 'quote', symbol: this.#symbol, bid, ask, exchangeTimeMs };
  }

  /** A book that was never whole cannot be lost, and one that is lost is not lost again. */
  #lose(): FeedEvent[] {
    const wasWhole = this.#state === 'whole';
    if (wasWhole) this.#state = 'lost';
    return wasWhole ? [{ kind: 'bookLost', symbol: this.#symbol }] : [];
  }
}
