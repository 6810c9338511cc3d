import { invariant } from '#shared/domain/invariant.ts';
import { cancelOrder } from '../domain/order-progress.ts';
import { endOrder } from './end-order.ts';
import { isLive } from '../domain/rfq/rfq.ts';
import { failAccept } from './rfq/resolve-accept.ts';
import { expireRfq } from './rfq/settle-rfqs.ts';
import type { Suspects } from './suspects.ts';
import type { Turn } from './turn.ts';

/**
 * Ends orders and requests for quote with which the journal cannot continue, in a turn that does
 * nothing else: its own work would fail with each of them again and again, and every other order
 * with it.
 * @throws Error (an invariant) if none of them exists
 */
export function setAside(turn: Turn, { orderIds, rfqIds }: Suspects): void {
  const orders = orderIds.flatMap((id) => turn.state.order(id) ?? []);
  const rfqs = rfqIds.flatMap((id) => turn.rfqs.book.rfq(id) ?? []).filter(isLive);
  const named = [...orderIds, ...rfqIds].join();
  invariant(orders.length + rfqs.length > 0, `what is set aside is closed already: ${named}`);
  for (const rfq of rfqs) expireRfq(turn, rfq);
  for (const order of orders) {
    turn.venue.remove(order);
    if (order.link.rfqId !== null) failAccept(turn, order);
    else endOrder(turn, cancelOrder(order, 'TECHNICAL', turn.at), 'CANCELED');
  }
}
