import { setMaxListeners } from 'node:events';
import { WebSocket } from 'ws';
import type { Clock } from '#shared/domain/clock.ts';
import { messageOf } from '#shared/domain/message-of.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { FeedEvent } from '../../domain/feed-event.ts';
import type { FeedBatch } from '../market-feed.ts';
import type { ConnectionTiming } from './connection-timing.ts';
import { RebuildSchedule } from './rebuild-schedule.ts';
import type { FrameTap } from './frame-tap.ts';
import { type Now, VenueClock } from './venue-clock.ts';
import type { Rebuild, VenueConversation } from './venue-protocol.ts';
import type { VenueRequests } from './venue-requests.ts';

/** Generous: the largest snapshots are below 2 MB. */
const MAX_PAYLOAD = 8 * 1024 * 1024;

/** The socket rests while more than this waits to be read: others have turns in between, in which it would fill our memory. */
const MOST_WAITING = 2 * MAX_PAYLOAD;

/** How many characters of a refusal are logged. */
const KEPT_ANSWER = 300;

/** Reads one message, when its turn comes. @throws MalformedFrameError */
type Reading = () => readonly FeedEvent[];

/** One connection to a venue, from opening it until it is lost. */
export class VenueConnection {
  readonly #conversation: VenueConversation;
  readonly #timing: ConnectionTiming;
  readonly #clock: Clock;
  readonly #venueClock = new VenueClock();
  readonly #logger: Logger;
  readonly #tap: FrameTap | undefined;
  readonly #maxAgeMs: number;
  readonly #socket: WebSocket;
  readonly #schedule: RebuildSchedule;
  readonly #requests: VenueRequests;
  readonly #messagesAtOnce: number;
  /** Messages that wait to be sent, and how many of them may go until the next look. */
  readonly #outgoing: string[] = [];
  #room: number;
  /** The books that are requested over HTTP and did not arrive yet. */
  readonly #fetching = new Set<string>();
  /** Aborts the fetches of this connection. */
  readonly #ending = new AbortController();
  /** What arrived and was not read yet. */
  #pending: Reading[] = [];
  #pendingBytes = 0;
  #isUnreadable = false;
  #wake: (() => void) | null = null;
  readonly #opening: NodeJS.Timeout;
  #review: NodeJS.Timeout | null = null;
  #heardAtMs = performance.now();
  #openedAtMs: number | null = null;

  /** Connects immediately. */
  constructor(options: {
    readonly url: string;
    /** How many messages it sends between two looks after it. */
    readonly messagesAtOnce: number;
    readonly conversation: VenueConversation;
    readonly timing: ConnectionTiming;
    readonly clock: Clock;
    readonly logger: Logger;
    /** Shared by all connections to the venue. */
    readonly requests: VenueRequests;
    /** The age at which it closes itself, before the venue would. */
    readonly maxAgeMs: number;
    readonly tap?: FrameTap | undefined;
  }) {
    this.#conversation = options.conversation;
    this.#timing = options.timing;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#requests = options.requests;
    this.#messagesAtOnce = options.messagesAtOnce;
    this.#room = options.messagesAtOnce;
    this.#tap = options.tap;
    this.#maxAgeMs = options.maxAgeMs;
    // Every book that waits to be fetched listens.
    setMaxListeners(0, this.#ending.signal);
    this.#schedule = new RebuildSchedule(options.timing.rebuild);
    this.#socket = new WebSocket(options.url, { maxPayload: MAX_PAYLOAD });
    // The socket's own limit begins again with every byte.
    this.#opening = setTimeout(() => this.#end('it did not open in time'), this.#timing.connectMs);
    this.#listen();
  }

  /** How long it has been open; 0 before it opens. */
  get ageMs(): number {
    return this.#openedAtMs === null ? 0 : performance.now() - this.#openedAtMs;
  }

  /** Whether it has reached the age at which it closes itself. */
  get isOld(): boolean {
    return this.ageMs > this.#maxAgeMs;
  }

  /** The events in order. Ends when the connection does. */
  async *batches(signal: AbortSignal): AsyncGenerator<FeedBatch, void> {
    const stop = () => this.#end('stopped');
    signal.addEventListener('abort', stop);
    try {
      for (;;) {
        const batch = this.#takePending();
        if (batch.length > 0) yield this.#read(batch);
        else if (this.#ending.signal.aborted) return;
        else await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    } finally {
      signal.removeEventListener('abort', stop);
      this.#end('it has no reader');
    }
  }

  #listen(): void {
    const hear = () => {
      this.#heardAtMs = performance.now();
    };
    this.#socket.on('open', () => this.#begin());
    this.#socket.on('ping', hear);
    this.#socket.on('pong', hear);
    this.#socket.on('message', (data: Buffer) => {
      hear();
      if (this.#ending.signal.aborted) return;
      this.#tap?.frame(data.toString());
      this.#push(() => this.#eventsIn(data));
      this.#pendingBytes += data.length;
      if (this.#pendingBytes > MOST_WAITING) this.#socket.pause();
    });
    this.#socket.on('error', (cause) => this.#end(cause.message));
    this.#socket.on('close', (code) => this.#end(`closed by the venue with code ${code}`));
  }

  #eventsIn(data: Buffer): readonly FeedEvent[] {
    const events = this.#conversation.frame(data);
    // Most messages bring events and need no conversion to text.
    if (events.length === 0) this.#lookForRefusal(data.toString());
    return events;
  }

  #lookForRefusal(text: string): void {
    if (this.#conversation.isRefusal(text))
      this.#logger.warn({ answer: text.slice(0, KEPT_ANSWER) }, 'the venue rejected a request');
  }

  #begin(): void {
    clearTimeout(this.#opening);
    this.#openedAtMs = performance.now();
    this.#heardAtMs = this.#openedAtMs;
    this.#say(this.#conversation.greetings);
    this.#tap?.connected();
    this.#push(() => [{ kind: 'connection', isConnected: true }]);
    // The greetings have already requested the books that the venue sends over the socket.
    this.#rebuild('fetch');
    this.#review = setInterval(() => this.#lookAfter(), this.#timing.reviewMs);
  }

  /** Pings a quiet venue, and gives up a silent one: a market can be quiet, but a live venue answers. */
  #lookAfter(): void {
    if (this.isOld) return this.#end('it has reached its maximum age');
    const silentMs = performance.now() - this.#heardAtMs;
    if (silentMs > this.#timing.silentMs) return this.#end('the venue was silent');
    if (this.ageMs > this.#timing.silentMs && !this.#conversation.isAnswered())
      return this.#end('the venue did not answer a subscription');
    if (silentMs > this.#timing.quietMs) this.#socket.ping();
    this.#room = this.#messagesAtOnce;
    this.#say([]);
    // What waits may be the first request for a book.
    if (this.#outgoing.length === 0) this.#rebuild('fetch', 'say');
  }

  /** Sends messages after those that wait, as the venue takes them. */
  #say(messages: readonly string[]): void {
    this.#outgoing.push(...messages);
    const now = this.#outgoing.splice(0, this.#room);
    this.#room -= now.length;
    for (const message of now) this.#socket.send(message);
  }

  /** One message after the other: what is known of a book moves on with each. */
  *#read(messages: readonly Reading[]): Generator<FeedEvent, void> {
    const now = { clockMs: this.#clock.now(), monotonicMs: performance.now() };
    for (const message of messages) {
      const events = this.#eventsOf(message, now);
      yield* events;
      if (this.#isUnreadable) return;
      if (events.some(({ kind }) => kind === 'bookLost')) this.#rebuild('fetch', 'say');
    }
  }

  /** Gives up the connection after an unreadable message, which could have changed any book. */
  #eventsOf(message: Reading, now: Now): readonly FeedEvent[] {
    try {
      const events = message();
      this.#venueClock.follow(events, now);
      return events;
    } catch (cause) {
      this.#isUnreadable = true;
      this.#pending = [];
      this.#end(messageOf(cause));
      return [];
    }
  }

  #rebuild(...kinds: readonly ('fetch' | 'say')[]): void {
    if (this.#ending.signal.aborted) return;
    const waiting = this.#conversation.needsSnapshot();
    for (const symbol of this.#schedule.due(waiting, performance.now())) {
      const rebuild = this.#conversation.rebuild(symbol);
      if (!kinds.includes(rebuild.kind)) continue;
      if (rebuild.kind === 'say') this.#say(rebuild.messages);
      else if (!this.#fetching.has(symbol)) void this.#fetch(symbol, rebuild);
    }
  }

  /** Fetches a snapshot; after a failure, the schedule requests it again. */
  async #fetch(symbol: string, { url, take }: Rebuild & { readonly kind: 'fetch' }): Promise<void> {
    const { signal } = this.#ending;
    this.#fetching.add(symbol);
    try {
      const body = await this.#requests.textOf(url, { timeoutMs: this.#timing.fetchMs, signal });
      if (!signal.aborted)
        this.#push(() => {
          this.#tap?.answer(symbol, body);
          return take(body);
        });
    } catch (cause) {
      if (!signal.aborted)
        this.#logger.warn({ err: cause, url }, 'a book snapshot was not received');
    } finally {
      this.#fetching.delete(symbol);
    }
  }

  #takePending(): readonly Reading[] {
    const batch = this.#pending;
    this.#pending = [];
    this.#pendingBytes = 0;
    if (this.#socket.isPaused) this.#socket.resume();
    return batch;
  }

  #push(message: Reading): void {
    this.#pending.push(message);
    this.#wakeUp();
  }

  #end(reason: string): void {
    if (this.#ending.signal.aborted) return;
    this.#ending.abort();
    if (this.#openedAtMs !== null) this.#tap?.lost();
    clearTimeout(this.#opening);
    if (this.#review !== null) clearInterval(this.#review);
    this.#socket.terminate();
    this.#logger.warn({ reason }, 'the connection to the venue was closed');
    this.#wakeUp();
  }

  #wakeUp(): void {
    this.#wake?.();
    this.#wake = null;
  }
}
