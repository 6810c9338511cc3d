import type { Instrument } from '#shared/domain/instrument.ts';
import type { OrderId } from '#shared/domain/ids.ts';
import type { Price } from '#shared/domain/price.ts';
import type { Quantity } from '#shared/domain/quantity.ts';
import type { SelfTradePreventionMode } from '../order-instructions.ts';
import type { MatchLimit } from '../book/match-limit.ts';
import type { BookPlace, ExpireReason, OpenOrder, Order } from '../order.ts';

/**
 * A trade of an incoming order with a resting one, at the price of the resting one: a single trade
 * for everything that an iceberg showed meanwhile.
 */
export interface VenueTrade {
  readonly kind: 'trade';
  /** Null if the house is the maker. */
  readonly makerOrderId: OrderId | null;
  readonly price: Price;
  readonly quantity: Quantity;
  /** The maker's place afterwards; null if it has left, is the house, or nothing happened. */
  readonly makerPlace: BookPlace | null;
}

/** A prevented trade between two orders of one account. */
export interface VenuePrevention {
  readonly kind: 'prevention';
  readonly makerOrderId: OrderId;
  readonly mode: SelfTradePreventionMode;
  readonly price: Price;
  /** The quantity that the incoming order lost. */
  readonly takerQuantity: Quantity;
  /** The quantity that the resting order lost. */
  readonly makerQuantity: Quantity;
  /** See {@link VenueTrade}. */
  readonly makerPlace: BookPlace | null;
}

/** What an incoming order did, in order. */
export interface Execution {
  readonly steps: readonly (VenueTrade | VenuePrevention)[];
  /** Quantity without a maker rests, or expires. */
  readonly leaves: Quantity;
  readonly residual:
    | { readonly kind: 'none' }
    /** At its limit, or at a better price for a post-only order that was moved. */
    | { readonly kind: 'rests'; readonly price: Price; readonly place: BookPlace }
    | { readonly kind: 'expires'; readonly expireReason: ExpireReason }
    /**
     * There is more to take than is permitted at once: it does not rest, and must continue before
     * anything else.
     */
    | { readonly kind: 'goesOn' }
    /** Self-trade prevention took the rest. */
    | { readonly kind: 'prevented' }
    /** Post-only, and it would have taken at this best price of the other side. */
    | { readonly kind: 'rejected'; readonly touchPrice: Price };
}

/**
 * A trade of a resting order with the house, which took it: a single trade for everything that an
 * iceberg showed meanwhile.
 */
export interface HouseTrade {
  readonly orderId: OrderId;
  readonly price: Price;
  readonly quantity: Quantity;
  /** The order's place afterwards; null if it has left. */
  readonly place: BookPlace | null;
}

/**
 * Where orders trade. The journal calls it within a turn and stores its answers; a turn that could
 * not be stored ends with {@link ExecutionVenue.restore}.
 */
export interface ExecutionVenue {
  /**
   * Forgets all orders and takes these resting ones; those with a lower priority number came first.
   * @returns those that it did not take, because they cross an earlier one: they must arrive again
   */
  restore<Resting extends OpenOrder>(
    orders: readonly { readonly order: Resting; readonly instrument: Instrument }[],
  ): readonly Resting[];
  /**
   * Trades an incoming order; a remainder that can rest does so from then on.
   * @param limit which orders and levels of the house it can meet now
   */
  execute(
    order: OpenOrder,
    instrument: Instrument,
    nextPriority: () => number,
    limit: MatchLimit,
  ): Execution;
  /**
   * What {@link ExecutionVenue.execute} would return now; nothing changes.
   * @param limit {@link NO_LIMIT} if left out
   */
  preview(order: OpenOrder, instrument: Instrument, limit?: MatchLimit): Execution;
  /** Reduces a resting order, which keeps its place. @returns its place */
  reduce(order: OpenOrder, by: Quantity, instrument: Instrument): BookPlace;
  /** Removes an order, if it rests. */
  remove(order: Order): void;
  /**
   * Trades resting orders with a house whose prices have moved through them.
   * @param limit which orders can trade now; the others are unchanged, and still reached
   */
  matchAfterMarketMove(
    instrument: Instrument,
    nextPriority: () => number,
    limit: MatchLimit,
  ): readonly HouseTrade[];
}
