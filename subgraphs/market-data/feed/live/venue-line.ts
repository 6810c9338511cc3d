import { WebSocket } from 'ws';
import { messageOf } from '#shared/domain/message-of.ts';
import type { ConnectionTiming } from './connection-timing.ts';
import type { VenueConversation } from './venue-protocol.ts';

/** Generous: the largest snapshots are below 2 MB. */
const MAX_PAYLOAD = 8 * 1024 * 1024;

/** A socket rests while more than this waits to be read: others have turns in between, in which it would fill our memory. */
export const MOST_WAITING = 2 * MAX_PAYLOAD;

/** What a line is made of. */
export interface LineOptions {
  readonly url: string;
  /** How many messages it sends between two looks after it. */
  readonly messagesAtOnce: number;
  readonly timing: ConnectionTiming;
  /** The age at which another one is to take its place, before the venue ends it. */
  readonly maxAgeMs: number;
}

/** What a line reports. */
interface LineListener {
  onOpen(line: VenueLine): void;
  onMessage(line: VenueLine, data: Buffer): void;
  /** Called once, also if it never opened. */
  onEnd(line: VenueLine, reason: string): void;
}

/**
 * One socket to a venue, and what is said over it. One that is to take the place of another reports no message before
 * {@link release}: it can be ahead of the other, so that what is missing in between is still on its way.
 */
export class VenueLine {
  readonly conversation: VenueConversation;
  readonly #options: LineOptions;
  readonly #listener: LineListener;
  readonly #socket: WebSocket;
  readonly #opening: NodeJS.Timeout;
  /** Messages that wait to be sent, and how many of them may go until the next look. */
  readonly #outgoing: string[] = [];
  #room: number;
  #heardAtMs = performance.now();
  #openedAtMs: number | null = null;
  #confirmedAtMs: number | null = null;
  #isOver = false;
  /** What arrived and is not reported yet; null once it is. */
  #held: Buffer[] | null = null;
  #heldBytes = 0;

  /** Connects immediately, and says the greetings once it is open. */
  constructor(conversation: VenueConversation, options: LineOptions, listener: LineListener) {
    this.conversation = conversation;
    this.#options = options;
    this.#listener = listener;
    this.#room = options.messagesAtOnce;
    this.#socket = new WebSocket(options.url, { maxPayload: MAX_PAYLOAD });
    // The socket's own limit begins again with every byte.
    const late = () => this.end('it did not open in time');
    this.#opening = setTimeout(late, options.timing.connectMs);
    this.#listen();
  }

  /** How long it has been open; 0 before it opens. */
  get ageMs(): number {
    return this.#openedAtMs === null ? 0 : performance.now() - this.#openedAtMs;
  }

  /** Whether another one is to take its place. */
  get isOld(): boolean {
    return this.ageMs > this.#options.maxAgeMs || this.conversation.isEnding();
  }

  /** Whether the venue has sent everything over it for long enough to need no other one. */
  get isProven(): boolean {
    const sinceMs = this.#confirmedAtMs;
    return sinceMs !== null && performance.now() - sinceMs > this.#options.timing.overlapMs;
  }

  /** Whether everything that was said has been sent. */
  get isIdle(): boolean {
    return this.#outgoing.length === 0;
  }

  /** Sends messages after those that wait, as the venue takes them. */
  say(messages: readonly string[]): void {
    this.#outgoing.push(...messages);
    const now = this.#outgoing.splice(0, this.#room);
    this.#room -= now.length;
    for (const message of now) this.#socket.send(message);
  }

  /** Pings a quiet venue, and gives up a silent one: a market can be quiet, but a live venue answers. */
  lookAfter(): void {
    if (this.#openedAtMs === null || this.#isOver) return;
    const { silentMs, quietMs } = this.#options.timing;
    const quietSinceMs = performance.now() - this.#heardAtMs;
    if (quietSinceMs > silentMs) return this.end('the venue was silent');
    if (this.ageMs > silentMs && !this.conversation.isAnswered())
      return this.end('the venue did not answer a subscription');
    if (quietSinceMs > quietMs) this.#socket.ping();
    if (this.conversation.isConfirmed()) this.#confirmedAtMs ??= performance.now();
    this.#room = this.#options.messagesAtOnce;
    this.say([]);
  }

  /** Reports no message until {@link release}. */
  hold(): void {
    this.#held ??= [];
  }

  /** Reports all messages that have arrived, and from now on each. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = null;
    this.resume();
    for (const data of held) this.#listener.onMessage(this, data);
  }

  /** Reads no more until {@link resume}: the venue has to wait. */
  pause(): void {
    this.#socket.pause();
  }

  /** Reads on. */
  resume(): void {
    if (this.#socket.isPaused) this.#socket.resume();
  }

  /** Ends it, and reports that once. */
  end(reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#opening);
    this.#socket.terminate();
    this.#listener.onEnd(this, reason);
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
      if (this.#isOver) return;
      if (this.#held === null) this.#listener.onMessage(this, data);
      else this.#keep(this.#held, data);
    });
    this.#socket.on('error', (cause) => this.end(cause.message));
    this.#socket.on('close', (code) => this.end(`closed by the venue with code ${code}`));
  }

  #begin(): void {
    clearTimeout(this.#opening);
    this.#openedAtMs = performance.now();
    this.#heardAtMs = this.#openedAtMs;
    this.say(this.conversation.greetings);
    this.#listener.onOpen(this);
  }

  #keep(held: Buffer[], data: Buffer): void {
    held.push(data);
    this.#heldBytes += data.length;
    if (this.#heldBytes > MOST_WAITING) this.pause();
    if (this.conversation.isConfirmed()) return;
    try {
      this.conversation.hear(data.toString());
    } catch (cause) {
      this.end(messageOf(cause));
    }
  }
}
