import { parseInstrumentSymbol, trusted } from '#shared/domain/ids.ts';
import type { BusSignal } from '#shared/events/event-bus.ts';
import type { FeedMessage } from '#shared/events/topics.ts';
import type { FeedEvent } from '../../domain/feed-event.ts';
import { isTrade } from '../../domain/trade.ts';
import { feedEvents } from './feed-text.ts';
import { READER_SILENT_MS } from './reader-silence.ts';

const ASK_EVERY_MS = 500;
const LOST: FeedEvent = { kind: 'connection', isConnected: false };

/**
 * Follows a feed that another process reads: a whole state first, then message after message. After a
 * gap, a silence or a change of reader, everything is stale until the next whole state.
 */
export class FeedFollower {
  readonly #venue: string;
  readonly #ask: () => void;
  /** Null while waiting for a whole state. */
  #last: FeedMessage | null = null;
  /** Whether the rest of a wanted whole state has not arrived yet. */
  #isBeginning = false;
  /** The instruments whose part of it has not. */
  readonly #untold = new Set<string>();
  #heardAtMs = -Infinity;
  #askedAtMs = -Infinity;

  /** @param ask asks the reader for a whole state */
  constructor(venue: string, ask: () => void) {
    this.#venue = venue;
    this.#ask = ask;
  }

  /** Takes a signal from the bus. @returns the events to apply */
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
    if (message.kind === 'rest') return this.#isBeginning ? this.#takePart(message) : [];
    this.#isBeginning = this.#untold.size > 0;
    return withSequences(message).filter((event) => !this.#isTooEarly(event));
  }

  /** Notices silence; call it regularly. @returns the events to apply */
  tick(nowMs: number): readonly FeedEvent[] {
    if (this.#last === null || nowMs - this.#heardAtMs > READER_SILENT_MS) return this.#lose(nowMs);
    return [];
  }

  #takePart(message: FeedMessage): readonly FeedEvent[] {
    for (const symbol of message.told) this.#untold.delete(symbol);
    return withSequences(message);
  }

  /** A book changes only once it is known: its part of the whole state has what changed before. */
  #isTooEarly(event: FeedEvent): boolean {
    return 'bids' in event && this.#untold.has(event.symbol);
  }

  /**
   * A whole state that another follower asked for brings nothing new; one after a gap replaces
   * everything known.
   */
  #begin(message: FeedMessage): readonly FeedEvent[] {
    const before = this.#last;
    this.#last = message;
    const follows = message.reader === before?.reader && message.sequence === before.sequence + 1;
    // A reader that begins to read again leaves a whole state unfinished.
    this.#isBeginning = !follows || this.#untold.size > 0;
    if (!this.#isBeginning) return [];
    this.#untold.clear();
    for (const symbol of Object.keys(message.tradeSequences)) this.#untold.add(symbol);
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

/** The reader's counts, so that a successor does not reuse sequences of trades that it has not seen. */
function countsOf({ tradeSequences }: FeedMessage): readonly FeedEvent[] {
  return Object.entries(tradeSequences).map(([text, sequence]) => {
    const symbol = trusted(parseInstrumentSymbol, text);
    return { kind: 'tradeCount', symbol, sequence };
  });
}

/** Gives trades the reader's sequences, so that a successor continues counting from them. */
function withSequences({ events, tradeSequences }: FeedMessage): readonly FeedEvent[] {
  const next = new Map(Object.entries(tradeSequences));
  return feedEvents(events)
    .toReversed()
    .map((event): FeedEvent => {
      // The reader counts no others.
      if (event.kind !== 'trade' || !isTrade(event)) return event;
      const sequence = next.get(event.symbol);
      if (sequence === undefined) return event;
      next.set(event.symbol, sequence - 1);
      return { ...event, sequence };
    })
    .toReversed();
}
