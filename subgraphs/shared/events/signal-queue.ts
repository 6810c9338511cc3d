import type { BusSignal, BusSubscription } from './event-bus.ts';

const CAPACITY = 10_000;

/**
 * The bounded queue of one subscriber, the same for every adapter: beyond its capacity the oldest
 * messages are dropped and one gap takes their place.
 */
export class SignalQueue<Message> {
  readonly #onEnd: () => void;
  /** A method, so that queues of several kinds of messages can be in one set. */
  readonly #filter: { isWanted(message: Message): boolean };
  readonly #capacity: number;
  #signals: BusSignal<Message>[] = [];
  #wake: (() => void) | null = null;
  #ended = false;

  /**
   * @param onEnd called once, when the subscriber leaves or the queue is ended
   * @param isWanted whether a message is for this subscriber
   */
  constructor(
    onEnd: () => void,
    isWanted: (message: Message) => boolean = () => true,
    capacity = CAPACITY,
  ) {
    this.#onEnd = onEnd;
    this.#filter = { isWanted };
    this.#capacity = capacity;
  }

  /** Adds a message that is wanted; after the end this does nothing. */
  push(message: Message): void {
    if (this.#ended || !this.#filter.isWanted(message)) return;
    if (this.#signals.length >= this.#capacity) {
      this.#signals = [{ kind: 'gap' }, ...this.#signals.slice(this.#signals.length >> 1)];
    }
    this.#signals.push({ kind: 'message', message });
    this.#wakeUp();
  }

  /** Notes that messages may have been lost here. */
  markGap(): void {
    if (this.#ended) return;
    this.#signals.push({ kind: 'gap' });
    this.#wakeUp();
  }

  /** Ends the subscription; what waits in the queue is dropped. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#signals = [];
    this.#wakeUp();
    this.#onEnd();
  }

  /** The reading side. One reader only. */
  subscription(): BusSubscription<Message> {
    const next = async (): Promise<IteratorResult<BusSignal<Message>, undefined>> => {
      for (;;) {
        const value = this.#signals.shift();
        if (value !== undefined) return { value, done: false };
        if (this.#ended) return { value: undefined, done: true };
        await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    };
    const finish = (): Promise<IteratorResult<BusSignal<Message>, undefined>> => {
      this.end();
      return Promise.resolve({ value: undefined, done: true });
    };
    const iterator: BusSubscription<Message> = {
      next,
      return: finish,
      [Symbol.asyncIterator]: () => iterator,
    };
    return iterator;
  }

  #wakeUp(): void {
    this.#wake?.();
    this.#wake = null;
  }
}
