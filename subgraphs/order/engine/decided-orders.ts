import type { OrderId } from '#shared/domain/ids.ts';
import type { ChangeSet } from '../domain/ports/journal-store.ts';
import type { OrderEvent, RecordedFill } from '../domain/order-event.ts';
import type { DecidedOrder } from '../domain/ports/order-journal.ts';
import { isArriving } from '../domain/order.ts';
import type { JournalListener } from './journal-listener.ts';
import type { JournalState } from './journal-state.ts';
import { Waiters } from './waiters.ts';

/** Wakes those who wait for an order to leave SUBMITTED, once it has taken what it can at once. */
export class DecidedOrders implements JournalListener {
  readonly #waiting = new Waiters<OrderId, DecidedOrder>();
  /** What orders on their way through the book have traded so far. */
  readonly #earlier = new Map<OrderId, readonly RecordedFill[]>();

  /**
   * Resolves with the stored turn that decides the order, the last one if it takes several; call it
   * while it is SUBMITTED.
   */
  next(orderId: OrderId): Promise<DecidedOrder | null> {
    return this.#waiting.next(orderId);
  }

  committed({ inserted, updated, events }: ChangeSet): void {
    const fills = fillsByOrder(events);
    for (const order of [...inserted, ...updated]) {
      if (!this.#waiting.has(order.id) || order.state.status === 'SUBMITTED') continue;
      const all = [...(this.#earlier.get(order.id) ?? []), ...(fills.get(order.id) ?? [])];
      this.#earlier.delete(order.id);
      if (isArriving(order)) this.#earlier.set(order.id, all);
      else this.#waiting.wake(order.id, { order, fills: all });
    }
  }

  /** Another process decides them now. */
  resigned(): void {
    this.#earlier.clear();
    this.#waiting.wakeAll();
  }

  /**
   * A turn was lost, or perhaps only its answer: those who wait for one of its orders must look.
   */
  loaded(state: JournalState): void {
    this.#earlier.clear();
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
