import type { OrderId } from '#shared/domain/ids.ts';
import type { RecordedOrder } from '../domain/order-event.ts';

/** Orders by a common property, so that reading one group costs only its own size. */
export class OrderGroups<Key> {
  readonly #groups = new Map<Key, Map<OrderId, RecordedOrder>>();

  /** Adds an order as the last of its group, or replaces its state. */
  keep(key: Key, order: RecordedOrder): void {
    const group = this.#groups.get(key) ?? new Map<OrderId, RecordedOrder>();
    group.delete(order.id);
    this.#groups.set(key, group.set(order.id, order));
  }

  /** Takes an order out, if it is in. */
  drop(key: Key, orderId: OrderId): void {
    const group = this.#groups.get(key);
    if (group?.delete(orderId) === true && group.size === 0) this.#groups.delete(key);
  }

  /** The orders of a group. */
  of(key: Key): Iterable<RecordedOrder> {
    return this.#groups.get(key)?.values() ?? [];
  }
}
