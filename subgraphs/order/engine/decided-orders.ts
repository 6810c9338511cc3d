import type { OrderId } from '#shared/domain/ids.ts';
import type { ChangeSet } from '../domain/journal-store.ts';
import type { OrderEvent, RecordedFill } from '../domain/order-event.ts';
import type { DecidedOrder } from '../domain/order-journal.ts';
import type { JournalListener } from './journal.ts';
import type { JournalState } from './journal-state.ts';
import { Waiting } from './waiting.ts';

/** Wakes those who wait for an order to become something else than SUBMITTED. */
export class DecidedOrders implements JournalListener {
  readonly #waiting = new Waiting<OrderId, DecidedOrder>();

  /** Resolves with the stored turn that decides the order; to be called while it is SUBMITTED. */
  next(orderId: OrderId): Promise<DecidedOrder | null> {
    return this.#waiting.next(orderId);
  }

  committed({ inserted, updated, events }: ChangeSet): void {
    const fills = fillsByOrder(events);
    for (const order of [...inserted, ...updated])
      if (this.#waiting.has(order.id) && order.state.status !== 'SUBMITTED')
        this.#waiting.wake(order.id, { order, fills: fills.get(order.id) ?? [] });
  }

  /** Another process decides them now. */
  resigned(): void {
    this.#waiting.wakeAll();
  }

  /** A turn was lost, and perhaps only its answer: whoever waits for one of its orders must look. */
  loaded(state: JournalState): void {
    for (const orderId of this.#waiting.ids())
      if (state.order(orderId)?.state.status !== 'SUBMITTED') this.#waiting.wake(orderId, null);
  }
}

function fillsByOrder(events: readonly OrderEvent[]): ReadonlyMap<OrderId, RecordedFill[]> {
  const fills = new Map<OrderId, RecordedFill[]>();
  for (const { fill } of events) {
    if (fill === null) continue;
    const known = fills.get(fill.orderId);
    if (known === undefined) fills.set(fill.orderId, [fill]);
    else known.push(fill);
  }
  return fills;
}
