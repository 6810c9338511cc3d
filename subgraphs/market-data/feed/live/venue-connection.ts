import { setMaxListeners } from 'node:events';
import type { Clock } from '#shared/domain/clock.ts';
import { messageOf } from '#shared/domain/message-of.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { FeedEvent } from '../../domain/feed-event.ts';
import type { FeedBatch } from '../market-feed.ts';
import { StaleCounterError } from '../stale-counters.ts';
import { RebuildSchedule } from './rebuild-schedule.ts';
import type { FrameTap } from './frame-tap.ts';
import { type Now, VenueClock } from './venue-clock.ts';
import { type LineOptions, MOST_WAITING, VenueLine } from './venue-line.ts';
import type { Rebuild, VenueConversation } from './venue-protocol.ts';
import type { VenueRequests } from './venue-requests.ts';

/** How many characters of a refusal are logged. */
const KEPT_ANSWER = 300;

/** Reads one message, when its turn comes. @throws MalformedFrameError */
type Reading = () => readonly FeedEvent[];

/**
 * One connection to a venue, from opening it until it is lost. Where the venue numbers its messages over all
 * connections, it moves to another line before the venue ends the one that it has: what the other one brings is kept
 * for a while and read then, and what arrived over both is left out by its number.
 */
export class VenueConnection {
  readonly #options: LineOptions;
  readonly #clock: Clock;
  readonly #venueClock = new VenueClock();
  readonly #logger: Logger;
  readonly #tap: FrameTap | undefined;
  readonly #schedule: RebuildSchedule;
  readonly #requests: VenueRequests;
  #line: VenueLine;
  /** The one that will take its place. */
  #next: VenueLine | null = null;
  #nextAtMs = -Infinity;
  /** Until when messages may arrive a second time, in any number. */
  #repeatsUntilMs = -Infinity;
  /** The books that are requested over HTTP and did not arrive yet. */
  readonly #fetching = new Set<string>();
  /** Aborts the fetches of this connection. */
  readonly #ending = new AbortController();
  /** What arrived and was not read yet. */
  #pending: Reading[] = [];
  #pendingBytes = 0;
  #isUnreadable = false;
  #wake: (() => void) | null = null;
  #review: NodeJS.Timeout | null = null;
  #openedAtMs: number | null = null;

  /** Connects immediately. */
  constructor(
    options: LineOptions & {
      readonly conversation: VenueConversation;
      readonly clock: Clock;
      readonly logger: Logger;
      /** Shared by all connections to the venue. */
      readonly requests: VenueRequests;
      readonly tap?: FrameTap | undefined;
    },
  ) {
    this.#options = options;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#requests = options.requests;
    this.#tap = options.tap;
    // Every book that waits to be fetched listens.
    setMaxListeners(0, this.#ending.signal);
    this.#schedule = new RebuildSchedule(options.timing.rebuild);
    this.#line = this.#open(options.conversation);
  }

  /** How long it has been open; 0 before it opens. */
  get ageMs(): number {
    return this.#openedAtMs === null ? 0 : performance.now() - this.#openedAtMs;
  }

  /** Whether another line should have taken the place of its own. */
  get isOld(): boolean {
    return this.#line.isOld;
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

  #open(conversation: VenueConversation): VenueLine {
    return new VenueLine(conversation, this.#options, {
      onOpen: (line) => {
        if (line === this.#line) this.#begin();
      },
      onMessage: (line, data) => this.#take(line, data),
      onEnd: (line, reason) => this.#leave(line, reason),
    });
  }

  #begin(): void {
    this.#openedAtMs = performance.now();
    this.#tap?.connected();
    this.#push(() => [{ kind: 'connection', isConnected: true }]);
    // The greetings have already requested the books that the venue sends over the socket.
    this.#rebuild('fetch');
    this.#review = setInterval(() => this.#lookAfter(), this.#options.timing.reviewMs);
  }

  #take({ conversation }: VenueLine, data: Buffer): void {
    this.#tap?.frame(data.toString());
    const mayRepeat = performance.now() < this.#repeatsUntilMs;
    this.#push(() => this.#eventsIn(conversation, data, mayRepeat));
    this.#pendingBytes += data.length;
    if (this.#pendingBytes > MOST_WAITING) this.#line.pause();
  }

  #eventsIn(
    conversation: VenueConversation,
    data: Buffer,
    mayRepeat: boolean,
  ): readonly FeedEvent[] {
    try {
      const events = conversation.frame(data);
      // Most messages bring events and need no conversion to text.
      if (events.length === 0) this.#lookForRefusal(conversation, data.toString());
      return events;
    } catch (cause) {
      if (mayRepeat && cause instanceof StaleCounterError) return [];
      throw cause;
    }
  }

  #lookForRefusal(conversation: VenueConversation, text: string): void {
    if (conversation.isRefusal(text))
      this.#logger.warn({ answer: text.slice(0, KEPT_ANSWER) }, 'the venue rejected a request');
  }

  #lookAfter(): void {
    this.#line.lookAfter();
    this.#next?.lookAfter();
    this.#replaceOld();
    // What waits may be the first request for a book.
    if (this.#line.isIdle) this.#rebuild('fetch', 'say');
  }

  /** Opens another line where that loses nothing, and moves to it once everything has arrived over both for a while. */
  #replaceOld(): void {
    if (this.#ending.signal.aborted || !this.#line.isOld) return;
    if (this.#next !== null) return this.#moveTo(this.#next);
    const conversation = this.#line.conversation.continued();
    if (conversation === null) return this.#end('it has reached its maximum age');
    const nowMs = performance.now();
    if (nowMs < this.#nextAtMs) return;
    this.#nextAtMs = nowMs + this.#options.timing.reconnect.maxMs;
    this.#next = this.#open(conversation);
    this.#next.hold();
  }

  #moveTo(next: VenueLine): void {
    const { conversation } = next;
    if (next.isProven) this.#succeed(next);
    else if (conversation.isAnswered() && !conversation.isConfirmed())
      next.end('the venue refused a subscription');
  }

  #succeed(next: VenueLine): void {
    const old = this.#line;
    this.#line = next;
    this.#next = null;
    old.end('another one has taken its place');
    this.#repeatsUntilMs = performance.now() + this.#options.timing.silentMs;
    next.release();
  }

  /** One line is over: with it the connection, unless there is another one to go on with. */
  #leave(line: VenueLine, reason: string): void {
    if (this.#ending.signal.aborted) return;
    const next = this.#next;
    const isNeeded = line === this.#line && next?.conversation.isConfirmed() !== true;
    if (isNeeded) return this.#end(reason);
    this.#logger.info({ reason }, 'one of two sockets to the venue was closed');
    if (line === next) this.#next = null;
    else if (line === this.#line && next !== null) this.#succeed(next);
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
    const { conversation } = this.#line;
    const waiting = conversation.needsSnapshot();
    for (const symbol of this.#schedule.due(waiting, performance.now())) {
      const rebuild = conversation.rebuild(symbol);
      if (!kinds.includes(rebuild.kind)) continue;
      if (rebuild.kind === 'say') this.#line.say(rebuild.messages);
      else if (!this.#fetching.has(symbol)) void this.#fetch(symbol, rebuild);
    }
  }

  /** Fetches a snapshot; after a failure, the schedule requests it again. */
  async #fetch(symbol: string, { url, take }: Rebuild & { readonly kind: 'fetch' }): Promise<void> {
    const { signal } = this.#ending;
    this.#fetching.add(symbol);
    try {
      const limits = { timeoutMs: this.#options.timing.fetchMs, signal };
      const body = await this.#requests.textOf(url, limits);
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
    this.#line.resume();
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
    if (this.#review !== null) clearInterval(this.#review);
    this.#line.end(reason);
    this.#next?.end(reason);
    this.#logger.warn({ reason }, 'the connection to the venue was closed');
    this.#wakeUp();
  }

  #wakeUp(): void {
    this.#wake?.();
    this.#wake = null;
  }
}
