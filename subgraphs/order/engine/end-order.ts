import type { HoldId } from '#shared/domain/ids.ts';
import type { RecordedOrder } from '../domain/order-event.ts';
import type { EndedOrder } from '../domain/order-progress.ts';
import type { Turn } from './turn.ts';

/** Records the end of an order, and gives back what is left of its hold. */
export function endOrder(
  turn: Turn,
  { order, released }: EndedOrder,
  type: 'CANCELED' | 'EXPIRED',
): RecordedOrder {
  if (released > 0n)
    turn.tellLedger({
      releaseHold: {
        holdId: order.id as string as HoldId,
        accountId: order.accountId,
        orderId: order.id,
      },
    });
  return turn.update(order, type);
}
