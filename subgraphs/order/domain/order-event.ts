import type { Fill } from './fill.ts';
import type { OrderDenial } from './rules/order-denial.ts';
import type { Order } from './order.ts';
import type { PreventedMatch } from './prevented-match.ts';

/** An order and its place in its account's list: the account's sequence of its first event. */
export interface RecordedOrder extends Order {
  readonly createdSequence: bigint;
}

/** A fill and the account's sequence of its event. */
export interface RecordedFill extends Fill {
  readonly sequence: bigint;
}

/** What can happen to an order, as clients see it. */
export type OrderEventType =
  | 'SUBMITTED'
  | 'DENIED'
  | 'ACCEPTED'
  | 'REJECTED'
  | 'TRIGGERED'
  | 'FILL'
  | 'SELF_TRADE_PREVENTED'
  | 'AMEND_REQUESTED'
  | 'AMENDED'
  | 'AMEND_REJECTED'
  | 'CANCELED'
  | 'EXPIRED';

/** A requested amend that was refused. */
export interface RefusedAmend {
  readonly amendId: string;
  readonly denial: OrderDenial;
}

/** One thing that happened to one order. */
export interface OrderEvent {
  readonly type: OrderEventType;
  /** The order as it was right after this event. */
  readonly order: RecordedOrder;
  /** For a FILL; null otherwise. */
  readonly fill: RecordedFill | null;
  /** For a SELF_TRADE_PREVENTED; null otherwise. */
  readonly preventedMatch: PreventedMatch | null;
  /** For an AMEND_REJECTED; null otherwise, and for one that was stored before it was recorded. */
  readonly refusedAmend: RefusedAmend | null;
  /** Dense per account, from 1. */
  readonly sequence: bigint;
  /** Milliseconds since the epoch. */
  readonly at: number;
}
