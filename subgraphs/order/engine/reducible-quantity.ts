import { type Quantity, quantityOfUnits } from '#shared/domain/quantity.ts';
import type { NewOrder } from '../domain/order-progress.ts';
import { leavesQuantity } from '../domain/order.ts';
import type { JournalState } from './journal-state.ts';

/**
 * How much of what the account has sold beyond what it bought a BUY could still buy back: less what its other BUYs
 * may. A SELL needs no such bound: its hold keeps it to what is owned.
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
