import type { EventBus } from '#shared/events/event-bus.ts';
import type { ChangeSet } from '../domain/ports/journal-store.ts';
import type { OrderEvent } from '../domain/order-event.ts';
import type { RfqEvent } from '../domain/rfq/rfq-event.ts';
import type { JournalListener } from './journal-listener.ts';

/** The stored forms of events, so that what is published cannot differ from what is stored. */
export interface EventForms {
  readonly eventToJson: (event: OrderEvent) => unknown;
  readonly rfqEventToJson: (event: RfqEvent) => unknown;
}

/** Publishes every event on the bus, once it is stored and in order. */
export class EventPublisher implements JournalListener {
  readonly #bus: EventBus;
  readonly #forms: EventForms;

  constructor(bus: EventBus, forms: EventForms) {
    this.#bus = bus;
    this.#forms = forms;
  }

  committed({ events, rfq }: ChangeSet): void {
    for (const event of events)
      this.#bus.publish('order.events', {
        streamId: event.order.accountId,
        sequence: event.sequence.toString(),
        event: this.#forms.eventToJson(event),
      });
    for (const event of rfq.events)
      this.#bus.publish('rfq.events', {
        streamId: event.rfqId,
        sequence: event.sequence.toString(),
        event: this.#forms.rfqEventToJson(event),
      });
  }
}
