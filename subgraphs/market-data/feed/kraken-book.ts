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
 * Kraken's rule for one book: levels beyond the subscribed depth are cut after every message, and
 * then the top ten must give the checksum that came with it. Where they do not, something was lost
 * before: so is the book, until the next snapshot. A checksum cannot tell a level's coming and going
 * from its going and coming, so a message that is older than the last one loses the book as well. A
 * message that came twice changes nothing.
 */
export class KrakenBook {
  readonly #symbol: InstrumentSymbol;
  readonly #depth: number;
  readonly #bids = new BookSide<PublishedLevel>('bid', publishedRow);
  readonly #asks = new BookSide<PublishedLevel>('ask', publishedRow);
  #state: 'awaited' | 'whole' | 'lost' = 'awaited';
  /** What the top ten asks add to the checksum; null when they have changed since. */
  #asksRemainder: number | null = null;
  /** Of the top ten of both sides; null when they have changed since. */
  #checksum: number | null = null;
  /** Since the epoch, of the last message that told its time. */
  #microseconds = 0;

  /** @param depth what was subscribed to, at least as many levels as are checked */
  constructor(symbol: InstrumentSymbol, depth: number) {
    this.#symbol = symbol;
    this.#depth = depth;
  }

  /** Whether the book cannot go on without a snapshot. */
  get needsSnapshot(): boolean {
    return this.#state !== 'whole';
  }

  /**
   * Takes the whole book.
   * @param microseconds the message's time since the epoch; null if it tells none
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

  /** Takes changes; without a whole book to apply them to they say nothing. */
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

  /** What was sent, unless there was more of it than was subscribed to. */
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

  /** A book that was never whole cannot be lost, and one that is lost is not lost again. */
  #lose(): FeedEvent[] {
    const wasWhole = this.#state === 'whole';
    if (wasWhole) this.#state = 'lost';
    return wasWhole ? [{ kind: 'bookLost', symbol: this.#symbol }] : [];
  }
}

/** Goes on with the checked levels of a side. */
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
