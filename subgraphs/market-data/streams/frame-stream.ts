import type { Clock } from '#shared/domain/clock.ts';
import type { FrameSource } from './frame-source.ts';

/** Where open streams are registered. */
export interface OpenStreams {
  opened(stream: OpenStream): void;
  closed(stream: OpenStream): void;
}

/** What the registry sees of an open stream. */
export interface OpenStream {
  /** How many frames are waiting that must not be lost. */
  readonly backlog: number;
  /** Makes the stream check whether something is due. */
  wake(): void;
}

/**
 * One subscription's frames as an async iterable. The first `next()` opens it, so a stream that is
 * never read holds nothing. `return()` closes it, even while a `next()` is waiting.
 */
export class FrameStream<Frame>
  implements AsyncIterableIterator<Frame, undefined, undefined>, OpenStream
{
  readonly #source: FrameSource<Frame>;
  readonly #streams: OpenStreams;
  readonly #clock: Clock;
  #state: 'new' | 'open' | 'closed' = 'new';
  #resume: (() => void) | null = null;

  constructor(source: FrameSource<Frame>, streams: OpenStreams, clock: Clock) {
    this.#source = source;
    this.#streams = streams;
    this.#clock = clock;
  }

  get backlog(): number {
    return this.#source.backlog;
  }

  wake(): void {
    this.#resume?.();
    this.#resume = null;
  }

  async next(): Promise<IteratorResult<Frame, undefined>> {
    if (this.#state === 'new') this.#open();
    while (this.#state === 'open') {
      const value = this.#source.take(this.#clock.now());
      if (value !== null) return { value, done: false };
      await this.#untilWoken();
    }
    return { value: undefined, done: true };
  }

  return(): Promise<IteratorResult<Frame, undefined>> {
    if (this.#state === 'open') {
      this.#source.close();
      this.#streams.closed(this);
    }
    this.#state = 'closed';
    this.wake();
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #open(): void {
    this.#state = 'open';
    this.#source.open(() => this.wake(), this.#clock.now());
    this.#streams.opened(this);
  }

  async #untilWoken(): Promise<void> {
    const dueAtMs = this.#source.dueAtMs();
    const waitMs = dueAtMs === null ? null : Math.max(1, dueAtMs - this.#clock.now());
    const timer = waitMs === null ? null : setTimeout(() => this.wake(), waitMs);
    await new Promise<void>((resolve) => (this.#resume = resolve));
    if (timer !== null) clearTimeout(timer);
  }
}
