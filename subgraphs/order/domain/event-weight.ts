import type { Order } from './order.ts';

/** How many amends are about as long as the rest of an order. */
const AMENDS_PER_EVENT = 4;

/**
 * How many events of an order without amends an event of this order is worth to the store: each
 * event repeats the whole order.
 */
export function eventWeight({ amends }: Pick<Order, 'amends'>): number {
  return 1 + Math.floor(amends.length / AMENDS_PER_EVENT);
}
