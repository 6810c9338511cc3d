import type { EventBus } from '#shared/events/event-bus.ts';
import { READER_SILENT_MS } from './reader-silence.ts';
import { steadySubscription } from '#shared/events/steady-subscription.ts';

/** Detects whether another process reads the feed. Listens only in doubt, because a reader publishes a lot. */
export class OtherReader {
  readonly #bus: EventBus;
  readonly #owner: string;
  readonly #onHeard: () => void;
  #listening: AbortController | null = null;
  #heardAtMs = -Infinity;

  /** @param owner the `owner` of the duty of this process */
  constructor(bus: EventBus, owner: string, onHeard: () => void) {
    this.#bus = bus;
    this.#owner = owner;
    this.#onHeard = onHeard;
  }

  /** Whether another reader was heard recently. */
  get isHeard(): boolean {
    return performance.now() - this.#heardAtMs < READER_SILENT_MS;
  }

  /** Listens until {@link ignore}; safe to repeat. */
  listen(): void {
    if (this.#listening !== null) return;
    this.#listening = new AbortController();
    void this.#hear(this.#listening.signal);
  }

  /** Stops listening. */
  ignore(): void {
    this.#listening?.abort();
    this.#listening = null;
    this.#heardAtMs = -Infinity;
  }

  async #hear(stopping: AbortSignal): Promise<void> {
    for await (const signal of steadySubscription(this.#bus, 'market.feed', stopping)) {
      if (stopping.aborted) return;
      if (signal.kind === 'gap' || signal.message.reader === this.#owner) continue;
      this.#heardAtMs = performance.now();
      this.#onHeard();
    }
  }
}
