import { type Quantity, quantityOfUnits } from '#shared/domain/quantity.ts';
import type { NewOrder } from '../domain/order-progress.ts';
import { leavesQuantity } from '../domain/order.ts';
import type { JournalState } from './journal-state.ts';

/**
 * How much of its short position an account could still buy back with a BUY: less what its other
 * BUYs can. A SELL needs no such bound: its hold limits it to what is owned.
 */
export function reducibleQuantity(
  state: JournalState,
  { accountId, symbol, id }: Pick<NewOrder, 'accountId' | 'symbol' | 'id'>,
): Quantity {
  if (state.safety.tradingState(accountId) !== 'REDUCING') return quantityOfUnits(0n);
  let left = -state.netQuantity(accountId, symbol);
  for (const order of state.ordersOf(accountId))
    if (order.symbol === symbol && order.side === 'BUY' && order.id !== id)
      left -= leavesQuantity(order);
  return quantityOfUnits(left > 0n ? left : 0n);
}
