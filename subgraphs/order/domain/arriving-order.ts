import type { BookPlace, OpenOrder } from './order.ts';

/** An order can take more than one turn can store, or what rested while it was out of the books. */
export function arrive<Any extends OpenOrder>(order: Any): Any {
  return { ...order, state: { ...order.state, isArriving: true } };
}

/** An order has come to rest in its book. */
export function settleIn(order: OpenOrder, place: BookPlace): OpenOrder {
  const { isArriving: _, ...state } = order.state;
  return { ...order, state: { ...state, ...place } };
}
