import type { Instrument } from '#shared/domain/instrument.ts';
import type { OrderId } from '#shared/domain/ids.ts';
import type { Price } from '#shared/domain/price.ts';
import type { Quantity } from '#shared/domain/quantity.ts';
import type { SelfTradePreventionMode } from './order-instructions.ts';
import type { BookPlace, ExpireReason, OpenOrder, Order } from './order.ts';

/**
 * A trade of an incoming order with one that waited, at the price of the one that waited: one for all
 * that an iceberg showed meanwhile.
 */
export interface VenueTrade {
  readonly kind: 'trade';
  /** Null if the house is the maker. */
  readonly makerOrderId: OrderId | null;
  readonly price: Price;
  readonly quantity: Quantity;
  /** Where the maker stands afterwards; null if it has left, is the house, or nothing happened. */
  readonly makerPlace: BookPlace | null;
}

/** A trade that did not happen, since both orders are of one account. */
export interface VenuePrevention {
  readonly kind: 'prevention';
  readonly makerOrderId: OrderId;
  readonly mode: SelfTradePreventionMode;
  readonly price: Price;
  /** What the incoming order lost by it. */
  readonly takerQuantity: Quantity;
  /** What the resting order lost by it. */
  readonly makerQuantity: Quantity;
  /** See {@link VenueTrade}. */
  readonly makerPlace: BookPlace | null;
}

/** What an incoming order did, in the order in which it happened. */
export interface Execution {
  readonly steps: readonly (VenueTrade | VenuePrevention)[];
  /** What found no maker: rests, or expires. */
  readonly leaves: Quantity;
  readonly residual:
    | { readonly kind: 'none' }
    /** At its limit, or at a better price for a post-only order that was moved. */
    | { readonly kind: 'rests'; readonly price: Price; readonly place: BookPlace }
    | { readonly kind: 'expires'; readonly expireReason: ExpireReason }
    /** There is more to take than it may take at once: it does not rest, and has to be executed again before anything else. */
    | { readonly kind: 'goesOn' }
    /** Self-trade prevention took the rest. */
    | { readonly kind: 'prevented' }
    /** Post-only, and it would have taken: at the best price of the other side. */
    | { readonly kind: 'rejected'; readonly touchPrice: Price };
}

/** A trade of a resting order with the house, which came to it: one for all that an iceberg showed meanwhile. */
export interface HouseTrade {
  readonly orderId: OrderId;
  readonly price: Price;
  readonly quantity: Quantity;
  /** Where the order stands afterwards; null if it has left. */
  readonly place: BookPlace | null;
}

/**
 * Where orders trade. The journal calls it within a turn and stores what it answers; a turn that
 * could not be stored ends with {@link ExecutionVenue.restore}.
 */
export interface ExecutionVenue {
  /** Forgets all orders and takes these, which rest; those of lower priority number came first. */
  restore(orders: readonly { readonly order: OpenOrder; readonly instrument: Instrument }[]): void;
  /**
   * Trades an incoming order; what may wait of it rests from then on.
   * @param most how many orders and levels of the house it may meet now
   */
  execute(
    order: OpenOrder,
    instrument: Instrument,
    nextPriority: () => number,
    most: number,
  ): Execution;
  /** What {@link ExecutionVenue.execute} would answer now without a limit; nothing changes. */
  preview(order: OpenOrder, instrument: Instrument): Execution;
  /** Takes quantity off an order that rests, which keeps its place. @returns where it stands */
  reduce(order: OpenOrder, by: Quantity, instrument: Instrument): BookPlace;
  /** Takes an order off, if it rests. */
  remove(order: Order): void;
  /**
   * Trades resting orders with a house whose prices have moved through them.
   * @param most no more orders than these; the others are as they were, and reached still
   */
  matchAfterMarketMove(
    instrument: Instrument,
    nextPriority: () => number,
    most: number,
  ): readonly HouseTrade[];
}
