import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import { ZERO_QUANTITY } from '#shared/domain/quantity.ts';
import { BookSide } from '../domain/book-side.ts';
import {
  CHECKED_LEVELS,
  continueChecksum,
  EMPTY_REMAINDER,
  finishedChecksum,
} from '../domain/checksum.ts';
import type { FeedEvent } from '../domain/feed-event.ts';
import type { BookLevels, Level } from '../domain/level.ts';
import { priceOf, quantityOf } from './malformed-frame.ts';
import { millisecondsOf } from './venue-time.ts';

/** A level with its digits as the venue published them: the checksum counts each of them. */
export interface PublishedLevel extends Level {
  readonly priceText: string;
  readonly quantityText: string;
}

/** Changes of one book, or the whole of it, as one message brings them. */
export interface PublishedLevels {
  readonly bids: readonly PublishedLevel[];
  readonly asks: readonly PublishedLevel[];
  /** Of the book after them; null where the message has none. */
  readonly checksum: string | null;
}

/** A level from its two texts. @throws MalformedFrameError */
export function publishedLevel(price: unknown, quantity: unknown): PublishedLevel {
  return {
    price: priceOf(price),
    quantity: quantityOf(quantity),
    priceText: String(price),
    quantityText: String(quantity),
  };
}

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
  readonly #bids = new BookSide<PublishedLevel>('bid');
  readonly #asks = new BookSide<PublishedLevel>('ask');
  #state: 'awaited' | 'whole' | 'lost' = 'awaited';
  /** What the top ten asks add to the checksum; null when they have changed since. */
  #asksRemainder: number | null = null;
  /** Of the top ten of both sides; null when they have changed since. */
  #checksum: string | null = null;
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
   * @param microseconds the message's time since the epoch; null where it tells none
   */
  snapshot(levels: PublishedLevels, microseconds: number | null): FeedEvent[] {
    this.#asksRemainder = null;
    this.#checksum = null;
    this.#bids.replace(levels.bids);
    this.#asks.replace(levels.asks);
    this.#cut();
    if (!this.#isRight(levels.checksum)) return this.#lose();
    this.#state = 'whole';
    this.#microseconds = microseconds ?? 0;
    const [bids, asks] = [this.#bids.top(this.#depth), this.#asks.top(this.#depth)];
    const place = { symbol: this.#symbol, depth: this.#depth };
    return [{ kind: 'bookSnapshot', ...place, bids, asks, ...timeOf(microseconds) }];
  }

  /** Takes changes; without a whole book to apply them to they say nothing. */
  update(levels: PublishedLevels, microseconds: number | null): FeedEvent[] {
    if (this.#state !== 'whole') return [];
    const sentAt = microseconds ?? this.#microseconds;
    if (sentAt < this.#microseconds) return this.#lose();
    this.#microseconds = sentAt;
    const cut = this.#change(levels);
    if (!this.#isRight(levels.checksum)) return this.#lose();
    const bids = withoutThose(levels.bids, cut.bids);
    const asks = withoutThose(levels.asks, cut.asks);
    return [{ kind: 'bookUpdate', symbol: this.#symbol, bids, asks, ...timeOf(microseconds) }];
  }

  /** Applies everything, then cuts. @returns the levels that were cut */
  #change({ bids, asks }: PublishedLevels) {
    const isBidChecked = changesTop(this.#bids, bids);
    const isAskChecked = changesTop(this.#asks, asks);
    if (isAskChecked) this.#asksRemainder = null;
    if (isBidChecked || isAskChecked) this.#checksum = null;
    return this.#cut();
  }

  #cut(): BookLevels {
    return { bids: this.#bids.cutTo(this.#depth), asks: this.#asks.cutTo(this.#depth) };
  }

  #isRight(checksum: string | null): boolean {
    if (checksum === null) return true;
    this.#asksRemainder ??= continueChecksum(EMPTY_REMAINDER, this.#asks.top(CHECKED_LEVELS));
    this.#checksum ??= finishedChecksum(
      continueChecksum(this.#asksRemainder, this.#bids.top(CHECKED_LEVELS)),
    );
    return this.#checksum === checksum;
  }

  /** A book that was never whole cannot be lost, and one that is lost is not lost again. */
  #lose(): FeedEvent[] {
    const wasWhole = this.#state === 'whole';
    if (wasWhole) this.#state = 'lost';
    return wasWhole ? [{ kind: 'bookLost', symbol: this.#symbol }] : [];
  }
}

/** Applies changes of one side. @returns whether any of them was among the checked levels */
function changesTop(side: BookSide<PublishedLevel>, levels: readonly PublishedLevel[]): boolean {
  let best = Infinity;
  for (const level of levels) best = Math.min(best, side.set(level));
  return best < CHECKED_LEVELS;
}

function timeOf(microseconds: number | null) {
  return { exchangeTimeMs: microseconds === null ? null : millisecondsOf(microseconds) };
}

function withoutThose(levels: readonly Level[], cut: readonly Level[]): readonly Level[] {
  if (cut.length === 0) return levels;
  return [...levels, ...cut.map(({ price }) => ({ price, quantity: ZERO_QUANTITY }))];
}
