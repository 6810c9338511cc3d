import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock, steadyNow } from '#shared/domain/clock.ts';
import type { OpenStream, OpenStreams } from './frame-stream.ts';

/** How often streams check whether a heartbeat is due or a quote has gone stale. */
const SWEEP_EVERY_MS = 250;
/** A stream with more waiting frames than this holds back a feed that can wait. */
const HIGH_MARK = 1000;
/** The feed no longer waits for a client that has read nothing for this long. */
const PATIENCE_MS = 5000;
const POLL_MS = 1;

/** All open streams of this process, with one timer for all of them. */
export class StreamRegistry implements OpenStreams {
  readonly #clock: Clock;
  readonly #streams = new Set<OpenStream>();
  readonly #stalled = new WeakSet<OpenStream>();
  readonly #first: Promise<void>;
  readonly #timer: NodeJS.Timeout;
  #tellFirst: () => void = () => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#first = new Promise((resolve) => (this.#tellFirst = resolve));
    this.#timer = setInterval(() => this.#sweep(), SWEEP_EVERY_MS);
  }

  /** How many streams are open. */
  get openCount(): number {
    return this.#streams.size;
  }

  opened(stream: OpenStream): void {
    this.#streams.add(stream);
    this.#tellFirst();
  }

  closed(stream: OpenStream): void {
    this.#streams.delete(stream);
  }

  /** Resolves when the first stream opens. */
  untilFirst(): Promise<void> {
    return this.#first;
  }

  /** Resolves when every stream has room; it waits for a stalled stream once, for 5 s. */
  async untilReady(): Promise<void> {
    const deadlineMs = steadyNow(this.#clock) + PATIENCE_MS;
    for (;;) {
      const full = this.#full();
      if (full.length === 0) return;
      if (steadyNow(this.#clock) >= deadlineMs)
        for (const stream of full) this.#stalled.add(stream);
      await sleep(POLL_MS);
    }
  }

  /** Stops the timer. Streams end when their subscribers leave. */
  stop(): void {
    clearInterval(this.#timer);
  }

  #full(): OpenStream[] {
    const full: OpenStream[] = [];
    for (const stream of this.#streams) {
      if (stream.backlog <= HIGH_MARK) this.#stalled.delete(stream);
      else if (!this.#stalled.has(stream)) full.push(stream);
    }
    return full;
  }

  #sweep(): void {
    for (const stream of this.#streams) stream.wake();
  }
}
