import { parseInstrumentSymbol, trusted } from '#shared/domain/ids.ts';
import type { BusSignal } from '#shared/events/event-bus.ts';
import type { FeedMessage } from '#shared/events/topics.ts';
import type { FeedEvent } from '../../domain/feed-event.ts';
import { feedEvents } from './feed-text.ts';

/** The process that reads the feed says something four times a second. */
const SILENT_MS = 1500;
const ASK_EVERY_MS = 500;
const LOST: FeedEvent = { kind: 'connection', isConnected: false };

/**
 * Follows what another process tells of a feed: from a whole state on, message after message. After
 * a hole, a silence or another reader nothing is believed until the next whole state.
 */
export class FeedFollower {
  readonly #venue: string;
  readonly #ask: () => void;
  /** Null while a whole state is awaited. */
  #last: FeedMessage | null = null;
  /** Whether the rest of a whole state is still to come, and is wanted. */
  #isBeginning = false;
  #heardAtMs = -Infinity;
  #askedAtMs = -Infinity;

  /** @param ask asks the reader for a whole state */
  constructor(venue: string, ask: () => void) {
    this.#venue = venue;
    this.#ask = ask;
  }

  /** @returns what is to be applied */
  hear(signal: BusSignal<FeedMessage>, nowMs: number): readonly FeedEvent[] {
    if (signal.kind === 'gap') return this.#lose(nowMs);
    const { message } = signal;
    if (message.venue !== this.#venue) return [];
    this.#heardAtMs = nowMs;
    if (message.kind === 'snapshot') return this.#begin(message);
    const follows =
      message.reader === this.#last?.reader && message.sequence === this.#last.sequence + 1;
    if (!follows) return this.#lose(nowMs);
    this.#last = message;
    if (message.kind === 'events') this.#isBeginning = false;
    return message.kind === 'events' || this.#isBeginning ? withSequences(message) : [];
  }

  /** Time has passed. @returns what is to be applied */
  tick(nowMs: number): readonly FeedEvent[] {
    if (this.#last === null || nowMs - this.#heardAtMs > SILENT_MS) return this.#lose(nowMs);
    return [];
  }

  /**
   * A whole state that somebody else asked for brings nothing new; one after a hole stands for all
   * that was known, of which nothing is left.
   */
  #begin(message: FeedMessage): readonly FeedEvent[] {
    const before = this.#last;
    this.#last = message;
    this.#isBeginning =
      message.reader !== before?.reader || message.sequence !== before.sequence + 1;
    if (!this.#isBeginning) return [];
    const connection: FeedEvent = { kind: 'connection', isConnected: message.isConnected };
    const lost = before === null ? [] : [LOST];
    return [...lost, connection, ...countsOf(message), ...withSequences(message)];
  }

  #lose(nowMs: number): readonly FeedEvent[] {
    const wasFollowing = this.#last !== null;
    this.#last = null;
    if (nowMs - this.#askedAtMs > ASK_EVERY_MS) {
      this.#askedAtMs = nowMs;
      this.#ask();
    }
    return wasFollowing ? [LOST] : [];
  }
}

/** Anyone who goes on in the reader's place would count again what it has not heard of. */
function countsOf({ tradeSequences }: FeedMessage): readonly FeedEvent[] {
  return Object.entries(tradeSequences).map(([text, sequence]) => {
    const symbol = trusted(parseInstrumentSymbol, text);
    return { kind: 'tradeCount', symbol, sequence };
  });
}

/** Trades get the reader's sequences, so that whoever goes on in its place goes on counting. */
function withSequences({ events, tradeSequences }: FeedMessage): readonly FeedEvent[] {
  const next = new Map(Object.entries(tradeSequences));
  return feedEvents(events)
    .toReversed()
    .map((event): FeedEvent => {
      // The reader counts nothing if a venue prints nothing.
      if (event.kind !== 'trade' || event.quantity <= 0n) return event;
      const sequence = next.get(event.symbol);
      if (sequence === undefined) return event;
      next.set(event.symbol, sequence - 1);
      return { ...event, sequence };
    })
    .toReversed();
}
