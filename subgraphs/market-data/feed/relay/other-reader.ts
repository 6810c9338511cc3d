import type { EventBus } from '#shared/events/event-bus.ts';
import { steadySubscription } from './steady-subscription.ts';

/** The process that reads the feed says something four times a second. */
const SILENT_MS = 1500;

/** Hears whether another process reads the feed. It is listened to only in doubt: it says much. */
export class OtherReader {
  readonly #bus: EventBus;
  readonly #owner: string;
  readonly #onHeard: () => void;
  #listening: AbortController | null = null;
  #heardAtMs = -Infinity;

  /** @param owner who we are ourselves */
  constructor(bus: EventBus, owner: string, onHeard: () => void) {
    this.#bus = bus;
    this.#owner = owner;
    this.#onHeard = onHeard;
  }

  /** Whether it was heard just now. */
  get isHeard(): boolean {
    return performance.now() - this.#heardAtMs < SILENT_MS;
  }

  /** Listens, if it does not yet, until {@link ignore}. */
  listen(): void {
    if (this.#listening !== null) return;
    this.#listening = new AbortController();
    void this.#hear(this.#listening.signal);
  }

  /** Listens no more. */
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
