import type { OrderId } from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import type { ExecutionVenue } from '../domain/execution-venue.ts';
import { cancelOrder } from '../domain/order-progress.ts';
import { endOrder } from './end-order.ts';
import { failAccept } from './rfq/resolve-accept.ts';
import type { Turn } from './turn.ts';

/**
 * Ends orders with which the journal cannot continue, in a turn that does nothing else: its own
 * work would fail with each of them again and again, and every other order with it.
 * @throws Error (an invariant) if none of them exists
 */
export function setAside(turn: Turn, venue: ExecutionVenue, orderIds: readonly OrderId[]): void {
  const orders = orderIds.flatMap((id) => turn.state.order(id) ?? []);
  invariant(orders.length > 0, `the orders ${orderIds.join()} are closed already`);
  for (const order of orders) {
    venue.remove(order);
    if (order.link.rfqId !== null) failAccept(turn, order);
    else endOrder(turn, cancelOrder(order, 'TECHNICAL', turn.at), 'CANCELED');
  }
}
