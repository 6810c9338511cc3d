import { formatUnits } from '#shared/domain/decimal.ts';
import { type HoldId, parseHoldChangeId, trusted } from '#shared/domain/ids.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import type { OpenOrder } from '../domain/order.ts';
import { withoutSpareHold } from '../domain/spare-hold.ts';
import type { Turn } from './turn.ts';

/**
 * Releases at once what an order no longer needs of its hold.
 * @returns the order with what is still held; the caller records it
 */
export function trimHold(
  turn: Turn,
  untrimmed: OpenOrder,
  instrument: Pick<Instrument, 'quoteScale'>,
): OpenOrder {
  const { order, spare } = withoutSpareHold(untrimmed, instrument);
  if (spare === 0n) return order;
  const { id: orderId, accountId } = order;
  turn.tellLedger({
    shrinkHold: {
      changeId: trusted(parseHoldChangeId, turn.newId()),
      holdId: orderId as string as HoldId,
      accountId,
      orderId,
      amount: formatUnits(spare),
    },
  });
  return order;
}
