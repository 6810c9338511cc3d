import type { BusSubscription, EventBus } from './event-bus.ts';
import { SignalQueue } from './signal-queue.ts';
import type { Topic, Topics } from './topics.ts';

/** The bus of the one-process mode: messages are immutable and not copied. */
export class MemoryEventBus implements EventBus {
  readonly #queues = new Map<Topic, Set<SignalQueue<unknown>>>();
  #disposed = false;

  publish<T extends Topic>(topic: T, message: Topics[T]): void {
    for (const queue of this.#queues.get(topic) ?? []) queue.push(message);
  }

  subscribe<T extends Topic>(
    topic: T,
    isWanted?: (message: Topics[T]) => boolean,
  ): Promise<BusSubscription<Topics[T]>> {
    const queues = this.#queuesOf(topic);
    const queue = new SignalQueue<Topics[T]>(() => queues.delete(queue), isWanted);
    if (this.#disposed) queue.end();
    else queues.add(queue);
    return Promise.resolve(queue.subscription());
  }

  isConnected(): boolean {
    return !this.#disposed;
  }

  dispose(): Promise<void> {
    this.#disposed = true;
    for (const queues of this.#queues.values()) for (const queue of [...queues]) queue.end();
    return Promise.resolve();
  }

  #queuesOf(topic: Topic): Set<SignalQueue<unknown>> {
    const known = this.#queues.get(topic);
    if (known !== undefined) return known;
    const queues = new Set<SignalQueue<unknown>>();
    this.#queues.set(topic, queues);
    return queues;
  }
}
