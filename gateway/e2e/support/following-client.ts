import { setTimeout as sleep } from 'node:timers/promises';
import { poll } from './poll.ts';
import type { StreamReader } from './stream-reader.ts';
import type { TraderClient } from './trader-client.ts';

/** The gateway may be away: between two tries to subscribe. */
const RETRY_MS = 50;

/** What every event of a private stream has. */
export interface FollowedEvent {
  readonly __typename: string;
  readonly sequence?: string;
  readonly cursor?: string;
}

/**
 * Follows one private stream of a trader as a careful program does: keeps the last cursor, and
 * subscribes again behind it whenever the stream or its socket ends.
 */
export class FollowingClient<Message extends FollowedEvent> {
  /** Everything that came, in order; resumptions and heartbeats left out. */
  readonly events: Message[] = [];
  /** How often it had to subscribe again and the stream went on after its cursor. */
  resumptions = 0;
  readonly #trader: TraderClient;
  readonly #query: string;
  readonly #following: Promise<void>;
  #stream: StreamReader<Message> | null = null;
  #cursor: string | undefined;
  #isClosed = false;

  constructor(trader: TraderClient, query: string) {
    this.#trader = trader;
    this.#query = query;
    this.#following = this.#follow();
  }

  /** Waits for an event that it has, or that is to come. */
  async until(condition: (message: Message) => boolean, withinMs = 30_000): Promise<void> {
    await poll(async () => this.events.some(condition), withinMs);
  }

  /** Stops following. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stream?.close();
    await this.#following;
  }

  async #follow(): Promise<void> {
    for (; !this.#isClosed; await sleep(RETRY_MS)) {
      const { accountId } = this.#trader;
      const stream = this.#trader.subscribe<Message>(this.#query, {
        accountId,
        after: this.#cursor,
      });
      this.#stream = stream;
      await this.#readToTheEnd(stream).catch(() => stream.close());
    }
  }

  /** @throws Error if the stream ends */
  async #readToTheEnd(stream: StreamReader<Message>): Promise<never> {
    for (;;) this.#take(await stream.next(30_000));
  }

  #take(message: Message): void {
    if (message.__typename === 'StreamHeartbeat') return;
    if (message.__typename === 'StreamResumed') this.resumptions += 1;
    else this.events.push(message);
    this.#cursor = message.cursor ?? this.#cursor;
  }
}
