import type { AccountId } from '#shared/domain/ids.ts';
import type { PostOnly, SelfTradePreventionMode } from './order-instructions.ts';
import type { OrderSide, OrderType, TimeInForce } from './order.ts';

/** An order that comes to the book, in whole ticks and steps. */
export interface IncomingOrder {
  /** Orders of one trade group do not trade with each other. */
  readonly tradeGroupId: AccountId;
  readonly side: OrderSide;
  /** The worst price it takes: its limit, or the collar's edge for a MARKET order. */
  readonly worstTicks: number;
  /** What it takes at most; for one ordered by quote quantity what that is worth at worst. */
  readonly quantitySteps: number;
  /** What all its trades may come to, in ticks × steps; null if the quantity is the bound. */
  readonly quoteBudget: bigint | null;
  readonly orderType: OrderType;
  /** IOC or FOK for a MARKET order. */
  readonly timeInForce: TimeInForce;
  /** OFF for all but LIMIT orders that may rest. */
  readonly postOnly: PostOnly;
  readonly selfTradePrevention: SelfTradePreventionMode;
}

/** Whom a side trades with. */
export function oppositeOf(side: OrderSide): OrderSide {
  return side === 'BUY' ? 'SELL' : 'BUY';
}

/** Whether what found no maker waits in the book. */
export function mayRest(timeInForce: TimeInForce): boolean {
  return timeInForce !== 'IOC' && timeInForce !== 'FOK';
}

/** Whether a price is the worst one that the order takes, or better. */
export function isWithin(
  { side, worstTicks }: Pick<IncomingOrder, 'side' | 'worstTicks'>,
  priceTicks: number,
): boolean {
  return side === 'BUY' ? priceTicks <= worstTicks : priceTicks >= worstTicks;
}
