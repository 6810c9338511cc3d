import type { RecordedOrder } from '../domain/order-event.ts';
import { denyNewOrder, type NewOrder, submitOrder } from '../domain/order-progress.ts';
import { checkNewOrder, type OrderMarket } from './check-new-order.ts';
import type { Turn } from './turn.ts';

/**
 * Checks a new order and records it: SUBMITTED, or DENIED with everything that is wrong with it.
 */
export function submitNewOrder(turn: Turn, asked: NewOrder, market: OrderMarket): RecordedOrder {
  const checked = checkNewOrder(turn.state, turn.now, asked, market);
  const { order } = checked;
  const guard = order.instructions?.guardConnectionId ?? null;
  if (checked.kind === 'passed' && guard !== null) turn.state.guards.expect(guard);
  if (checked.kind === 'passed') turn.rfqs.useComparison(order);
  return checked.kind === 'denied'
    ? turn.insert(denyNewOrder(order, checked.violations, turn.at), 'DENIED')
    : turn.insert(submitOrder(order, checked.hold, turn.at), 'SUBMITTED');
}
