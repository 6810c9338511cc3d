import type { HoldId } from '#shared/domain/ids.ts';
import type { RecordedOrder } from '../domain/order-event.ts';
import type { FundsCommand } from '../domain/ports/funds.ts';
import type { EndedOrder } from '../domain/order-progress.ts';
import type { Turn } from './turn.ts';

/** Records the end of an order, and releases what is left of its hold. */
export function endOrder(
  turn: Turn,
  { order, isHeld }: EndedOrder,
  type: 'CANCELED' | 'EXPIRED' | 'REJECTED',
): RecordedOrder {
  if (isHeld) turn.tellLedger(releaseOf(order));
  return turn.update(order, type);
}

/** Tells the ledger to release everything that it still holds for an order. */
export function releaseOf({
  id,
  accountId,
}: Pick<RecordedOrder, 'id' | 'accountId'>): FundsCommand {
  return { releaseHold: { holdId: id as string as HoldId, accountId, orderId: id } };
}
