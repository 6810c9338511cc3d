import type { AccountId, InstrumentSymbol, OrderId } from '#shared/domain/ids.ts';
import { moneyOfUnits, notional } from '#shared/domain/money.ts';
import type { Price } from '#shared/domain/price.ts';
import { type Quantity, quantityOfUnits } from '#shared/domain/quantity.ts';
import type { SelfTradePreventionMode } from './order-instructions.ts';
import { transition } from './order-lifecycle.ts';
import type { BookPlace, OpenOrder } from './order.ts';

/**
 * Two orders of one account, or of one user, that met. It is not a trade, and does not change the
 * last price.
 */
export interface PreventedMatch {
  readonly id: string;
  /** The incoming order's. */
  readonly accountId: AccountId;
  readonly symbol: InstrumentSymbol;
  readonly takerOrderId: OrderId;
  readonly makerOrderId: OrderId;
  /** The incoming order's mode; CANCEL_TAKER between two accounts. */
  readonly mode: SelfTradePreventionMode;
  /** The price at which they would have traded. */
  readonly price: Price;
  /** The quantity that the incoming order lost. */
  readonly takerQuantity: Quantity;
  /** The quantity that the resting order lost. */
  readonly makerQuantity: Quantity;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Reduces an order that would have traded with one of the same account or user. */
export function preventQuantity(
  order: OpenOrder,
  { price, quantity }: { readonly price: Price; readonly quantity: Quantity },
  place: BookPlace | null,
  at: number,
): OpenOrder {
  transition(order.state.status, 'PREVENT');
  return {
    ...order,
    preventedQuantity: quantityOfUnits(order.preventedQuantity + quantity),
    preventedNotional: moneyOfUnits(order.preventedNotional + notional(price, quantity)),
    updatedAt: at,
    state: { ...order.state, ...place },
  };
}
