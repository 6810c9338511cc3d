import { closableStream } from '#shared/events/closable-stream.ts';
import type { BusSubscription, EventBus } from '#shared/events/event-bus.ts';
import { HEARTBEAT_MS } from '#shared/events/private-stream.ts';
import type { Topics } from '#shared/events/topics.ts';
import type { RfqEvent } from '../domain/rfq/rfq-event.ts';
import type { Rfq } from '../domain/rfq/rfq.ts';

/** Events that change which requests are open, or who quotes them. */
const CHANGING: readonly RfqEvent['type'][] = [
  'REQUESTED',
  'NOT_QUOTING',
  'TAKEN_OVER',
  'ACCEPT_PENDING',
  'EXPIRED',
  'CANCELED',
];

/** What the stream of open requests needs. */
export interface OpenRfqStreamOptions {
  readonly bus: EventBus;
  readonly eventOfJson: (sequence: bigint, json: unknown) => RfqEvent;
  /** All that are open or quoted, the oldest first. */
  readonly readOpen: () => Promise<readonly Rfq[]>;
  /** After how long a silence the list is read again, in milliseconds; as private streams if omitted. */
  readonly silenceMs?: number;
}

/**
 * The list of all open requests, and again whenever one is opened, closed or changes hands. However fast they do, one
 * list is read at a time, and the next one has all that happened meanwhile. After a silence it is read again, and shown
 * if it has changed: a stored change is not published if the answer of the store was lost.
 */
export function openRfqStream(
  options: OpenRfqStreamOptions,
): AsyncGenerator<readonly Rfq[], undefined> {
  const watch = new OpenRfqWatch(options);
  return closableStream(watch.lists(), () => watch.close());
}

class OpenRfqWatch {
  readonly #options: OpenRfqStreamOptions;
  #subscription: BusSubscription<Topics['rfq.events']> | null = null;
  #isClosed = false;
  #isChanged = true;
  #shown: string | null = null;
  #wake: () => void = () => undefined;

  constructor(options: OpenRfqStreamOptions) {
    this.#options = options;
  }

  async *lists(): AsyncGenerator<readonly Rfq[], undefined> {
    this.#subscription = await this.#options.bus.subscribe('rfq.events');
    void this.#follow(this.#subscription);
    while (!this.#isClosed) {
      if (!this.#isChanged) await this.#changeOrSilence();
      if (this.#isClosed) break;
      const isTold = this.#isChanged;
      this.#isChanged = false;
      const open = await this.#options.readOpen();
      const key = JSON.stringify(open.map(({ id, traderId }) => [id, traderId]));
      if (!isTold && key === this.#shown) continue;
      this.#shown = key;
      yield open;
    }
    return undefined;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#wake();
    await this.#subscription?.return?.();
  }

  async #follow(subscription: BusSubscription<Topics['rfq.events']>): Promise<void> {
    for await (const signal of subscription) {
      const { eventOfJson } = this.#options;
      const isChanging =
        signal.kind === 'gap' || CHANGING.includes(eventOfJson(0n, signal.message.event).type);
      if (!isChanging) continue;
      this.#isChanged = true;
      this.#wake();
    }
    this.#isClosed = true;
    this.#wake();
  }

  #changeOrSilence(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.#options.silenceMs ?? HEARTBEAT_MS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
