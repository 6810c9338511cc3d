import type { AccountId, UserId } from '#shared/domain/ids.ts';
import type { PostOnly, SelfTradePreventionMode } from '../order-instructions.ts';
import type { OrderSide, OrderType, TimeInForce } from '../order.ts';

/** An order that arrives at the book, in whole ticks and steps. */
export interface IncomingOrder {
  /** Orders of one account do not trade with each other, nor do orders that one user placed. */
  readonly accountId: AccountId;
  /** Null if it is not known. */
  readonly placedBy: UserId | null;
  readonly side: OrderSide;
  /** The worst price it takes: its limit, or the collar's edge for a MARKET order. */
  readonly worstTicks: number;
  /** The most it takes; for an order by quote quantity what that is worth at worst. */
  readonly quantitySteps: number;
  /** The most that its trades can come to, in ticks × steps; null if the quantity is the bound. */
  readonly quoteBudget: bigint | null;
  readonly orderType: OrderType;
  /** IOC or FOK for a MARKET order. */
  readonly timeInForce: TimeInForce;
  /** OFF for all but LIMIT orders that can rest. */
  readonly postOnly: PostOnly;
  readonly selfTradePrevention: SelfTradePreventionMode;
}

/** Whether a remainder without a maker rests in the book. */
export function mayRest(timeInForce: TimeInForce): boolean {
  return timeInForce !== 'IOC' && timeInForce !== 'FOK';
}

/** Whether a price is within the worst one that the order takes. */
export function isWithin(
  { side, worstTicks }: Pick<IncomingOrder, 'side' | 'worstTicks'>,
  priceTicks: number,
): boolean {
  return side === 'BUY' ? priceTicks <= worstTicks : priceTicks >= worstTicks;
}
