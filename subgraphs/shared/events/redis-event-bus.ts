import type { Redis } from 'ioredis';
import { unavailable } from '#shared/graphql/domain-error.ts';
import { connectRedis } from './connect-redis.ts';
import type { BusSubscription, EventBus } from './event-bus.ts';
import type { RedisSettings } from './redis-settings.ts';
import { SignalQueue } from './signal-queue.ts';
import type { Topic, Topics } from './topics.ts';

const UNREADABLE = Symbol();
/** Reports a loss on a channel: a text that nobody can parse. */
const GAP_TEXT = '';
/** When a gap that could not be reported is tried again. */
const RETRY_MS = 1000;

/** A text on its way to Redis. */
interface Outgoing {
  readonly channel: string;
  readonly text: string;
}

/**
 * The bus between processes, over Redis pub/sub. Messages published in one turn of the event loop
 * go out in one pipeline. Redis is never waited for: while it is away messages are lost, and every
 * subscriber receives a gap when it is back (pub/sub drops silently over a reconnect). If only the
 * publisher lost it, subscribers elsewhere receive a gap too.
 */
export class RedisEventBus implements EventBus {
  readonly #prefix: string;
  /** Redis allows no other command on a connection that subscribes, hence two. */
  readonly #publisher: Redis;
  readonly #subscriber: Redis;
  readonly #onConnected: () => void;
  readonly #queues = new Map<string, Set<SignalQueue<unknown>>>();
  #outgoing: Outgoing[] = [];
  /** Channels on which messages were lost before Redis had them, not reported yet. */
  readonly #lost = new Set<string>();
  #wasReady = false;
  #disposed = false;

  constructor(settings: RedisSettings) {
    const { url, onError } = settings;
    this.#onConnected = settings.onConnected ?? (() => undefined);
    const client = { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: 1000 };
    this.#prefix = settings.prefix;
    this.#publisher = connectRedis(url, client, onError);
    // Its offline queue holds (un)subscribe commands while Redis is away; after a reconnect we
    // repeat them ourselves, because nothing could catch a failure of ioredis's own attempt.
    const lasting = { enableOfflineQueue: true, autoResubscribe: false, commandTimeout: 5000 };
    this.#subscriber = connectRedis(url, { ...client, ...lasting }, onError);
    this.#publisher.on('ready', () => {
      this.#flush();
      this.#noteConnected();
    });
    this.#subscriber.on('ready', () => this.#onReady());
    this.#subscriber.on('message', (channel: string, text: string) =>
      this.#onMessage(channel, text),
    );
  }

  publish<T extends Topic>(topic: T, message: Topics[T]): void {
    if (this.#disposed) return;
    const waiting = this.#outgoing.push({
      channel: this.#channelOf(topic),
      text: JSON.stringify(message),
    });
    if (waiting === 1) setImmediate(() => this.#flush());
  }

  async subscribe<T extends Topic>(
    topic: T,
    isWanted?: (message: Topics[T]) => boolean,
  ): Promise<BusSubscription<Topics[T]>> {
    const channel = this.#channelOf(topic);
    const queues = this.#queues.get(channel) ?? new Set<SignalQueue<unknown>>();
    this.#queues.set(channel, queues);
    const queue = new SignalQueue<Topics[T]>(() => {
      queues.delete(queue);
      if (queues.size === 0 && this.#queues.get(channel) === queues) this.#ignore(channel);
    }, isWanted);
    if (this.#disposed) {
      queue.end();
      return queue.subscription();
    }
    queues.add(queue);
    await this.#subscriber.subscribe(channel).catch((cause: unknown) => {
      queue.end();
      throw Object.assign(unavailable('NOT_APPLIED', 'The event bus did not respond.'), { cause });
    });
    return queue.subscription();
  }

  isConnected(): boolean {
    const connections = [this.#publisher, this.#subscriber];
    return !this.#disposed && connections.every(({ status }) => status === 'ready');
  }

  dispose(): Promise<void> {
    this.#flush();
    this.#disposed = true;
    for (const queues of this.#queues.values()) for (const queue of [...queues]) queue.end();
    // `quit` lets the last pipeline leave; a Redis that is away has nothing to wait for.
    const leave = async (connection: Redis) => {
      if (connection.status === 'ready')
        await connection.quit().catch(() => connection.disconnect());
      else connection.disconnect();
    };
    return Promise.all([leave(this.#publisher), leave(this.#subscriber)]).then(() => undefined);
  }

  #flush(): void {
    const messages = this.#outgoing;
    this.#outgoing = [];
    if (this.#publisher.status !== 'ready') return this.#noteLost(messages);
    const gaps = [...this.#lost].map((channel) => ({ channel, text: GAP_TEXT }));
    this.#lost.clear();
    const outgoing = [...gaps, ...messages];
    if (outgoing.length > 0) void this.#send(outgoing);
  }

  /**
   * What may not have arrived is reported as a gap by the next message that goes out, or
   * separately.
   */
  async #send(outgoing: readonly Outgoing[]): Promise<void> {
    const pipeline = this.#publisher.pipeline();
    for (const { channel, text } of outgoing) pipeline.publish(channel, text);
    const results = await pipeline.exec().catch(() => null);
    const failed = outgoing.filter((_, index) => results?.[index]?.[0] !== null);
    if (failed.length === 0) return;
    this.#noteLost(failed);
    if (!this.#disposed) setTimeout(() => this.#flush(), RETRY_MS).unref();
  }

  /** Has nothing sent here that nobody listens to: there can be much of it. */
  #ignore(channel: string): void {
    this.#queues.delete(channel);
    if (this.#disposed) return;
    // If that fails the connection is gone, and another one listens to nothing of this.
    this.#subscriber.unsubscribe(channel).catch(() => undefined);
  }

  #noteLost(outgoing: readonly Outgoing[]): void {
    for (const { channel } of outgoing) this.#lost.add(channel);
  }

  #onMessage(channel: string, text: string): void {
    const queues = this.#queues.get(channel) ?? [];
    const message = messageOf(text);
    // What cannot be read is lost to every listener.
    if (message === UNREADABLE) for (const queue of queues) queue.markGap();
    else for (const queue of queues) queue.push(message);
  }

  #noteConnected(): void {
    if (this.isConnected()) this.#onConnected();
  }

  /** After a reconnect: the gap can be reported only when Redis has the subscriptions again. */
  #onReady(): void {
    this.#noteConnected();
    const isReconnect = this.#wasReady;
    this.#wasReady = true;
    const channels = [...this.#queues.keys()];
    if (!isReconnect || channels.length === 0) return;
    const markGaps = () => {
      for (const queues of this.#queues.values()) for (const queue of queues) queue.markGap();
    };
    // A connection on which that fails delivers nothing: another one is made in its place.
    this.#subscriber.subscribe(...channels).then(markGaps, () => {
      if (!this.#disposed && this.#subscriber.status === 'ready') this.#subscriber.disconnect(true);
    });
  }

  #channelOf(topic: Topic): string {
    return `${this.#prefix}:${topic}`;
  }
}

function messageOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return UNREADABLE;
  }
}
