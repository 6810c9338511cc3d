import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import { BookSide } from '../domain/book-side.ts';
import {
  CHECKED_LEVELS,
  continueChecksum,
  EMPTY_REMAINDER,
  finishedChecksum,
} from '../domain/checksum.ts';
import type { FeedEvent } from '../domain/feed-event.ts';
import { LevelRows, type Levels } from '../domain/level-rows.ts';
import {
  type PublishedLevel,
  type PublishedLevels,
  publishedRow,
  type PublishedSide,
} from './published-levels.ts';
import { millisecondsOf } from './venue-time.ts';

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
  #state: 'awaited' | 'whole' | 'lost' = 'awaited';
  /** The checksum's state after the top ten asks; null if they have changed since. */
  #asksRemainder: number | null = null;
  /** The checksum of the top ten of both sides; null if they have changed since. */
  #checksum: number | null = null;
  /** Time of the last message that carried one, since the epoch. */
  #microseconds = 0;

  /** @param depth the subscribed levels per side, at least as many as the checksum covers */
  constructor(symbol: InstrumentSymbol, depth: number) {
    this.#symbol = symbol;
    this.#depth = depth;
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
    this.#asksRemainder = null;
    this.#checksum = null;
    this.#bids.replace(levels.bids);
    this.#asks.replace(levels.asks);
    const bids = this.#whole(this.#bids, levels.bids);
    const asks = this.#whole(this.#asks, levels.asks);
    if (!this.#isRight(levels.checksum)) return this.#lose();
    this.#state = 'whole';
    this.#microseconds = microseconds ?? 0;
    const place = { symbol: this.#symbol, depth: this.#depth };
    const exchangeTimeMs = timeOf(microseconds);
    return [{ kind: 'bookSnapshot', ...place, bids, asks, exchangeTimeMs }];
  }

  /** Applies changes; ignores them without a whole book to apply them to. */
  update(levels: PublishedLevels, microseconds: number | null): FeedEvent[] {
    if (this.#state !== 'whole') return [];
    const sentAt = microseconds ?? this.#microseconds;
    if (sentAt < this.#microseconds) return this.#lose();
    this.#microseconds = sentAt;
    this.#change(levels);
    const bids = withRemovals(levels.bids, this.#bids.cutTo(this.#depth));
    const asks = withRemovals(levels.asks, this.#asks.cutTo(this.#depth));
    if (!this.#isRight(levels.checksum)) return this.#lose();
    const exchangeTimeMs = timeOf(microseconds);
    return [{ kind: 'bookUpdate', symbol: this.#symbol, bids, asks, exchangeTimeMs }];
  }

  /** The side as sent, or cut to the subscribed depth. */
  #whole(side: BookSide<PublishedLevel>, sent: PublishedSide): Levels {
    return side.cutTo(this.#depth).length === 0 ? sent : side.levels();
  }

  #change({ bids, asks }: PublishedLevels): void {
    const isBidChecked = this.#bids.apply(bids) < CHECKED_LEVELS;
    const isAskChecked = this.#asks.apply(asks) < CHECKED_LEVELS;
    if (isAskChecked) this.#asksRemainder = null;
    if (isBidChecked || isAskChecked) this.#checksum = null;
  }

  #isRight(checksum: number | null): boolean {
    if (checksum === null) return true;
    this.#asksRemainder ??= continueWithSide(EMPTY_REMAINDER, this.#asks);
    this.#checksum ??= finishedChecksum(continueWithSide(this.#asksRemainder, this.#bids));
    return this.#checksum === checksum;
  }

  /** Reports the loss once; a book that was never whole cannot be lost. */
  #lose(): FeedEvent[] {
    const wasWhole = this.#state === 'whole';
    if (wasWhole) this.#state = 'lost';
    return wasWhole ? [{ kind: 'bookLost', symbol: this.#symbol }] : [];
  }
}

/** Continues a checksum with the checked levels of a side. */
function continueWithSide(before: number, side: BookSide<PublishedLevel>): number {
  if (side.rows === null) return continueChecksum(before, side.kept(CHECKED_LEVELS));
  return side.rows.continueChecksum(before, CHECKED_LEVELS);
}

function timeOf(microseconds: number | null): number | null {
  return microseconds === null ? null : millisecondsOf(microseconds);
}

function withRemovals(levels: PublishedSide, removals: Levels): Levels {
  if (removals.length === 0) return levels;
  if (levels instanceof LevelRows && removals instanceof LevelRows) return levels.with(removals);
  return [...levels, ...removals];
}
