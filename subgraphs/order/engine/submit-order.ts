import type { Instrument } from '#shared/domain/instrument.ts';
import type { RecordedOrder } from '../domain/order-event.ts';
import { denyNewOrder, type NewOrder, submitOrder } from '../domain/order-progress.ts';
import { checkNewOrder } from './check-new-order.ts';
import type { Turn } from './turn.ts';

/**
 * Checks a new order and records it: SUBMITTED, or DENIED with everything that is wrong with it.
 */
export function submitNewOrder(
  turn: Turn,
  asked: NewOrder,
  instrument: Instrument | null,
): RecordedOrder {
  const checked = checkNewOrder(turn, asked, instrument);
  const { order } = checked;
  const guard = order.instructions?.guardConnectionId ?? null;
  if (checked.kind === 'passed' && guard !== null) turn.state.guards.expect(guard);
  if (checked.kind === 'passed') turn.rfqs.useComparison(order);
  return checked.kind === 'denied'
    ? turn.insert(denyNewOrder(order, checked.violations, turn.at), 'DENIED')
    : turn.insert(submitOrder(order, checked.hold, turn.at), 'SUBMITTED');
}
