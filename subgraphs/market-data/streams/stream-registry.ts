import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '#shared/domain/clock.ts';
import type { OpenStream, OpenStreams } from './frame-stream.ts';

/** How often streams check whether a heartbeat is due or a quote has become stale. */
const SWEEP_EVERY_MS = 250;
/** With more waiting frames than this a stream slows down a feed that can wait. */
const HIGH_MARK = 1000;
/** A consumer that does not read for this long is no longer waited for. */
const PATIENCE_MS = 5000;
const POLL_MS = 1;

/** Every open stream of this process: one timer for all, one place to count them. */
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

  /** How many streams are open; 0 once every subscriber has left. */
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

  /** Resolves when the first stream is open. */
  untilFirst(): Promise<void> {
    return this.#first;
  }

  /** Resolves when every stream has room; one that stands still is waited for once, for 5 s. */
  async untilReady(): Promise<void> {
    const deadlineMs = this.#clock.now() + PATIENCE_MS;
    for (;;) {
      const full = this.#full();
      if (full.length === 0) return;
      if (this.#clock.now() >= deadlineMs) for (const stream of full) this.#stalled.add(stream);
      await sleep(POLL_MS);
    }
  }

  /** Ends the timer. Streams end by themselves, with their subscribers. */
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
