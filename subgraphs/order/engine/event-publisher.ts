import type { EventBus } from '#shared/events/event-bus.ts';
import type { ChangeSet } from '../domain/journal-store.ts';
import type { OrderEvent } from '../domain/order-event.ts';
import type { JournalListener } from './journal.ts';

/** Tells the bus of every event, once it is stored and in the order in which it happened. */
export class EventPublisher implements JournalListener {
  readonly #bus: EventBus;
  readonly #toJson: (event: OrderEvent) => unknown;

  /** @param toJson the form in which the store keeps events, so that the two cannot differ */
  constructor(bus: EventBus, toJson: (event: OrderEvent) => unknown) {
    this.#bus = bus;
    this.#toJson = toJson;
  }

  committed({ events }: ChangeSet): void {
    for (const event of events)
      this.#bus.publish('order.events', {
        accountId: event.order.accountId,
        sequence: event.sequence.toString(),
        event: this.#toJson(event),
      });
  }
}
