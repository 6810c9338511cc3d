import type { Instrument } from '#shared/domain/instrument.ts';
import type { OrderId } from '#shared/domain/ids.ts';
import type { Price } from '#shared/domain/price.ts';
import type { Quantity } from '#shared/domain/quantity.ts';
import type { ExpireReason, OpenOrder, Order } from './order.ts';

/** A trade of an incoming order with one that waited, at the price of the one that waited. */
export interface VenueTrade {
  /** Null when the house is the maker. */
  readonly makerOrderId: OrderId | null;
  readonly price: Price;
  readonly quantity: Quantity;
}

/** What an incoming order did, in the order in which it happened. */
export interface Execution {
  readonly trades: readonly VenueTrade[];
  readonly residual:
    | { readonly kind: 'none' }
    | { readonly kind: 'rests' }
    | { readonly kind: 'expires'; readonly expireReason: ExpireReason }
    /** Self-trade prevention took the rest. */
    | { readonly kind: 'prevented' }
    /** Post-only, and it would have taken. */
    | { readonly kind: 'rejected' };
}

/** A trade of a resting order with the house, which came to it. */
export interface HouseTrade {
  readonly orderId: OrderId;
  readonly price: Price;
  readonly quantity: Quantity;
}

/**
 * Where orders trade. The journal calls it within a turn and stores what it answers; a turn that
 * could not be stored ends with {@link ExecutionVenue.restore}.
 */
export interface ExecutionVenue {
  /** Forgets all orders and takes these, which rest; those of lower priority number came first. */
  restore(orders: readonly { readonly order: OpenOrder; readonly instrument: Instrument }[]): void;
  /** Trades an incoming order; what may wait of it rests from then on. */
  execute(order: OpenOrder, instrument: Instrument, nextPriority: () => number): Execution;
  /** What {@link ExecutionVenue.execute} would answer now; nothing changes. */
  preview(order: OpenOrder, instrument: Instrument): Execution;
  /** Takes quantity off an order that rests, which keeps its place. */
  reduce(order: OpenOrder, by: Quantity, instrument: Instrument): void;
  /** Takes an order off, if it rests. */
  remove(order: Order): void;
  /** Trades resting orders with a house whose prices have moved through them. */
  matchAfterMarketMove(instrument: Instrument, nextPriority: () => number): readonly HouseTrade[];
}
