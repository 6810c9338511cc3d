import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import { BookSide } from '../../domain/book/book-side.ts';
import {
  CHECKED_LEVELS,
  continueChecksum,
  EMPTY_REMAINDER,
  finishedChecksum,
} from '../../domain/book/checksum.ts';
import type { FeedEvent } from '../../domain/feed-event.ts';
import { type FeedLevels, LevelRows, type Levels } from '../../domain/book/level-rows.ts';
import { OrderBook } from '../../domain/book/order-book.ts';
import {
  type PublishedLevel,
  type PublishedLevels,
  publishedRow,
  type PublishedSide,
} from '../frames/published-levels.ts';
import { millisecondsOf } from '../venue-time.ts';

/**
 * Kraken's rule for one book: after every message, levels beyond the subscribed depth are cut, and the
 * top ten must match the message's checksum. If they do not, an earlier message was lost, and the book
 * is lost until the next snapshot. A checksum cannot detect that two changes of a level were swapped,
 * so a message older than the previous one also loses the book. A repeated message changes nothing.
 */
export class KrakenBook {
  readonly #symbol: InstrumentSymbol;
  readonly #depth: number;
  readonly #bids = new BookSide<PublishedLevel>('bid', publishedRow);
  readonly #asks = new BookSide<PublishedLevel>('ask', publishedRow);
  readonly #book = new OrderBook(this.#bids, this.#asks);
  #state: 'awaited' | 'whole' | 'lost' = 'awaited';
  /** Time of the last message that carried one, since the epoch. */
  #microseconds = 0;

  /** @param depth the subscribed levels per side, at least as many as the checksum covers */
  constructor(symbol: InstrumentSymbol, depth: number) {
    this.#symbol = symbol;
    this.#depth = depth;
  }

  /** Whether it was never whole. */
  get isAwaited(): boolean {
    return this.#state === 'awaited';
  }

  /** Whether the book cannot go on without a snapshot. */
  get needsSnapshot(): boolean {
    return this.#state !== 'whole';
  }

  /**
   * Replaces the whole book.
   * @param microseconds the message's time since the epoch; null if it carries none
   */
  snapshot(levels: PublishedLevels, microseconds: number | null): FeedEvent[] {
    this.#book.replace(levels, { depth: this.#depth });
    const { bids, asks } = this.#isTooDeep(levels) ? this.#cut() : levels;
    if (!this.#isRight(levels.checksum)) return this.#refute();
    this.#state = 'whole';
    this.#microseconds = microseconds ?? 0;
    const place = { symbol: this.#symbol, depth: this.#depth, book: this.#book };
    const exchangeTimeMs = timeOf(microseconds);
    return [{ kind: 'bookSnapshot', ...place, bids, asks, exchangeTimeMs }];
  }

  /** Applies changes; ignores them without a whole book to apply them to. */
  update(levels: PublishedLevels, microseconds: number | null): FeedEvent[] {
    if (this.#state !== 'whole') return [];
    const sentAt = microseconds ?? this.#microseconds;
    if (sentAt < this.#microseconds) return this.#lose();
    this.#microseconds = sentAt;
    this.#book.apply(levels);
    const { bids, asks } = this.#isTooDeep(levels)
      ? withRemovals(levels, this.#book.cutTo(this.#depth))
      : levels;
    if (!this.#isRight(levels.checksum)) return this.#refute();
    const exchangeTimeMs = timeOf(microseconds);
    return [
      { kind: 'bookUpdate', symbol: this.#symbol, bids, asks, exchangeTimeMs, book: this.#book },
    ];
  }

  /** The whole book, cut to the subscribed depth. */
  #cut(): FeedLevels {
    this.#book.cutTo(this.#depth);
    return this.#book.whole();
  }

  /** Whether a side that these changes are in has more levels than were subscribed. */
  #isTooDeep({ bids, asks }: PublishedLevels): boolean {
    return (
      (bids.length > 0 && this.#bids.size > this.#depth) ||
      (asks.length > 0 && this.#asks.size > this.#depth)
    );
  }

  #isRight(checksum: number | null): boolean {
    if (checksum === null) return true;
    const asks = continueWithSide(EMPTY_REMAINDER, this.#asks);
    return finishedChecksum(continueWithSide(asks, this.#bids)) === checksum;
  }

  /** Shows nothing where the venue's checksum proves the book wrong. */
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

/** Continues a checksum with the checked levels of a side. */
function continueWithSide(before: number, side: BookSide<PublishedLevel>): number {
  const { rows } = side;
  if (rows === null) return continueChecksum(before, side.kept(CHECKED_LEVELS));
  return rows.continueChecksum(before);
}

function timeOf(microseconds: number | null): number | null {
  return microseconds === null ? null : millisecondsOf(microseconds);
}

function withRemovals({ bids, asks }: PublishedLevels, removals: FeedLevels): FeedLevels {
  return {
    bids: sideWithRemovals(bids, removals.bids),
    asks: sideWithRemovals(asks, removals.asks),
  };
}

function sideWithRemovals(levels: PublishedSide, removals: Levels): Levels {
  if (removals.length === 0) return levels;
  if (levels instanceof LevelRows && removals instanceof LevelRows) return levels.with(removals);
  return [...levels, ...removals];
}
