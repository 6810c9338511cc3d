import { type Quantity, quantityOfUnits } from '#shared/domain/quantity.ts';
import type { NewOrder } from '../domain/order-progress.ts';
import { leavesQuantity } from '../domain/order.ts';
import type { JournalState } from './journal-state.ts';

/**
 * How much of the account's position in the instrument an order of this side could still close:
 * what is held the other way, less what its other orders of this side may close.
 */
export function reducibleQuantity(
  state: JournalState,
  { accountId, symbol, side, id }: Pick<NewOrder, 'accountId' | 'symbol' | 'side' | 'id'>,
): Quantity {
  if (state.safety.tradingState(accountId) !== 'REDUCING') return quantityOfUnits(0n);
  const net = state.netQuantity(accountId, symbol);
  let left = side === 'SELL' ? net : -net;
  for (const order of state.ordersOf(accountId))
    if (order.symbol === symbol && order.side === side && order.id !== id)
      left -= leavesQuantity(order);
  return quantityOfUnits(left > 0n ? left : 0n);
}
