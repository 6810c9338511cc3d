import { divideDown, ONE } from '#shared/domain/decimal.ts';
import type {
  AccountId,
  AssetCode,
  ClientOrderId,
  InstrumentSymbol,
  OrderId,
  UserId,
} from '#shared/domain/ids.ts';
import type { Money } from '#shared/domain/money.ts';
import { priceOfUnits, type Price } from '#shared/domain/price.ts';
import { quantityOfUnits, type Quantity, ZERO_QUANTITY } from '#shared/domain/quantity.ts';
import type { OrderViolations } from './rules/order-denial.ts';
import type { OrderAmend } from './order-amend.ts';
import type { OrderInstructions } from './order-instructions.ts';
import type { OrderLink } from './order-link.ts';
import type { OrderTrigger } from './order-trigger.ts';
import type { PendingAmend } from './pending-amend.ts';

/** Always the client's side. */
export type OrderSide = 'BUY' | 'SELL';
/** How an order executes. */
export type OrderType = OrderTerms['orderType'];
/**
 * How long an order lives: until filled or canceled, what it can at once, all at once or nothing,
 * until an instant, or until the day ends at 00:00 UTC.
 */
export type TimeInForce = 'GTC' | 'IOC' | 'FOK' | 'GTD' | 'DAY';

/** Trades at its limit price or better. */
interface LimitTerms {
  readonly orderType: 'LIMIT';
  /** Zero only on an order that was denied for that. */
  readonly limitPrice: Price;
  readonly timeInForce: TimeInForce;
}

/** Trades at once within the collar, and never rests. */
interface MarketTerms {
  readonly orderType: 'MARKET';
  readonly timeInForce: 'IOC' | 'FOK';
}

/** What an order asks for besides side and quantity. */
export type OrderTerms = LimitTerms | MarketTerms;

/** Every status an order can have; see `order-lifecycle.ts` for the ways between them. */
export const ORDER_STATUSES = [
  'SUBMITTED',
  'DENIED',
  'ACCEPTED',
  'TRIGGERED',
  'PARTIALLY_FILLED',
  'PENDING_UPDATE',
  'REJECTED',
  'FILLED',
  'CANCELED',
  'EXPIRED',
] as const;
/** One of {@link ORDER_STATUSES}. */
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** Accepted, and no change of it is pending. */
const SETTLED_OPEN_STATUSES = ['ACCEPTED', 'TRIGGERED', 'PARTIALLY_FILLED'] as const;
/** Accepted, and able to fill: in the book, or waiting for its trigger. */
export const OPEN_ORDER_STATUSES = [...SETTLED_OPEN_STATUSES, 'PENDING_UPDATE'] as const;
/** Ended; nothing will happen any more. */
export const CLOSED_ORDER_STATUSES = [
  'DENIED',
  'REJECTED',
  'FILLED',
  'CANCELED',
  'EXPIRED',
] as const;

/** Why a user or a safeguard canceled an order. */
export type CancelReason =
  | 'USER_REQUEST'
  | 'CANCEL_ALL'
  | 'CANCEL_ALL_AFTER'
  | 'CANCEL_ON_DISCONNECT'
  | 'SELF_TRADE_PREVENTION'
  | 'KILL_SWITCH'
  | 'AMENDED_BELOW_FILLED'
  | 'TECHNICAL';
/**
 * Why the venue rejected an order that passed our checks; all but the first are for an accepted
 * quote.
 */
export type RejectReason =
  'POST_ONLY_WOULD_TAKE' | 'LAST_LOOK_PRICE_MOVED' | 'NOT_QUOTING' | 'TRADING_HALTED' | 'TECHNICAL';
/** Which of its own terms ended an order. */
export type ExpireReason =
  | 'UNFILLED_IOC_QUANTITY'
  | 'UNFILLED_FOK_ORDER'
  | 'INSUFFICIENT_LIQUIDITY'
  | 'PRICE_RANGE_EXCEEDED'
  | 'EXPIRE_TIME_REACHED'
  | 'DAY_ENDED';

/** The place of an order in its book. */
export interface BookPlace {
  /**
   * The acceptance number within the instrument: rises with every acceptance and is never reused.
   * At one price the lower number fills first.
   */
  readonly priority: number;
  /** What an iceberg shows now; null for an order that shows everything, or waits for a trigger. */
  readonly shownQuantity: Quantity | null;
}

/** What the book knows of an accepted order. All times are milliseconds since the epoch. */
interface InBook extends BookPlace {
  readonly acceptedAt: number;
  /** Set while it does not rest yet, because it takes more than one turn can store. */
  readonly isArriving?: true;
}

/** The end of an order that the book may never have accepted: then `acceptedAt` is null. */
interface Ended {
  readonly acceptedAt: number | null;
  readonly closedAt: number;
}

/** An order's status while the book has it, whether or not a change is pending. */
export type StandingStatus = (typeof SETTLED_OPEN_STATUSES)[number];

/** An order's state while the book has it. */
export type OpenOrderState =
  | ({ readonly status: StandingStatus } & InBook)
  | ({
      readonly status: 'PENDING_UPDATE';
      /** The state it returns to. */
      readonly previousStatus: StandingStatus;
      readonly pending: PendingAmend;
    } & InBook);

/** An order's state, with the facts that only this status has. */
export type OrderState =
  | { readonly status: 'SUBMITTED' }
  | {
      readonly status: 'DENIED';
      /** The first one is the denial. */
      readonly violations: OrderViolations;
      readonly closedAt: number;
    }
  | OpenOrderState
  | {
      readonly status: 'REJECTED';
      readonly rejectReason: RejectReason;
      /**
       * The best price of the other side, which a post-only order would have taken; null for other
       * reasons.
       */
      readonly touchPrice: Price | null;
      readonly acceptedAt: number;
      readonly closedAt: number;
    }
  | { readonly status: 'FILLED'; readonly acceptedAt: number; readonly closedAt: number }
  | ({ readonly status: 'CANCELED'; readonly cancelReason: CancelReason } & Ended)
  | ({ readonly status: 'EXPIRED'; readonly expireReason: ExpireReason } & Ended);

/**
 * An order's hold and what it was calculated with; fixed when the order passed the checks, so that
 * a later change of collar or fees cannot make the hold short.
 */
export interface OrderHold {
  /** The quote asset for a BUY, the base asset for a SELL. */
  readonly asset: AssetCode;
  /** The amount held before the book saw the order. */
  readonly placed: Money;
  /** The amount still held: placed less settled less released. Zero once the order is closed. */
  readonly remaining: Money;
  /** The limit price, or the edge of the collar for a MARKET order: it never trades at a worse price. */
  readonly worstPrice: Price;
  /** Shares of the notional, as counts of 10^-18. */
  readonly makerFeeRate: bigint;
  /** See `makerFeeRate`. */
  readonly takerFeeRate: bigint;
}

/** An order and everything that has happened to it. Immutable: each event makes a new one. */
export interface Order {
  readonly id: OrderId;
  readonly accountId: AccountId;
  /** The user who placed it, or has priced or enlarged it since; null for an accepted quote, and if not known. */
  readonly placedBy: UserId | null;
  readonly clientOrderId: ClientOrderId;
  /** The instrument; for an order denied with INSTRUMENT_NOT_FOUND only what was requested. */
  readonly symbol: InstrumentSymbol;
  readonly side: OrderSide;
  readonly terms: OrderTerms;
  /** How it is matched, beyond its terms. */
  readonly instructions: OrderInstructions;
  /** What it waits for before its terms apply; null for an order without a trigger. */
  readonly trigger: OrderTrigger | null;
  /** When it expires, milliseconds since the epoch; null for GTC, IOC and FOK. */
  readonly expireAt: number | null;
  /** How it is linked to other orders. */
  readonly link: OrderLink;
  /** Its changes, oldest first. */
  readonly amends: readonly OrderAmend[];
  /** Base units ordered. */
  readonly quantity: Quantity;
  /** Base units filled. */
  readonly filledQuantity: Quantity;
  /** Base units removed by self-trade prevention. */
  readonly preventedQuantity: Quantity;
  /**
   * Sum of price × quantity of that, in the quote asset: an order by quote quantity has this much
   * less to trade for.
   */
  readonly preventedNotional: Money;
  /** Sum of price × quantity of its fills, in the quote asset. */
  readonly filledNotional: Money;
  /** Sum of its fills' fees, in the quote asset. */
  readonly fees: Money;
  /** Null only on an order that was denied before a hold was requested. */
  readonly hold: OrderHold | null;
  readonly state: OrderState;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Milliseconds since the epoch. */
  readonly updatedAt: number;
}

/** An order that the book has. */
export type OpenOrder = Order & { readonly state: OpenOrderState; readonly hold: OrderHold };

/** The side that a side trades with. */
export function oppositeOf(side: OrderSide): OrderSide {
  return side === 'BUY' ? 'SELL' : 'BUY';
}

/** In the book: it can still fill. */
export function isOpen(order: Order): order is OpenOrder {
  return OPEN_ORDER_STATUSES.some((open) => open === order.state.status);
}

/** The state of an open order, whether or not a change is pending. */
export function standingOf(state: OpenOrderState): StandingStatus {
  return state.status === 'PENDING_UPDATE' ? state.previousStatus : state.status;
}

/** Accepted, but not in the book: it waits for its trigger. */
export function isWaiting(order: Order): boolean {
  return isOpen(order) && order.trigger !== null && standingOf(order.state) === 'ACCEPTED';
}

/**
 * Accepted, and on its way through the book: it continues before anything else, and rests only
 * afterwards.
 */
export function isArriving(order: Order): boolean {
  return isOpen(order) && order.state.isArriving === true;
}

/** Ended. */
export function isClosed({ state }: Pick<Order, 'state'>): boolean {
  return isClosedStatus(state.status);
}

/** Of an order that has ended. */
export function isClosedStatus(status: OrderStatus): boolean {
  return CLOSED_ORDER_STATUSES.some((closed) => closed === status);
}

/** Null for MARKET. */
export function limitPriceOf(terms: OrderTerms): Price | null {
  return terms.orderType === 'LIMIT' ? terms.limitPrice : null;
}

/** Base units that can still fill: neither filled nor prevented; zero once closed. */
export function leavesQuantity(order: Order): Quantity {
  return isClosed(order) ? ZERO_QUANTITY : unfilledQuantity(order);
}

/** Base units that were neither filled nor prevented, whatever happened to the order. */
export function unfilledQuantity({
  quantity,
  filledQuantity,
  preventedQuantity,
}: Pick<Order, 'quantity' | 'filledQuantity' | 'preventedQuantity'>): Quantity {
  return quantityOfUnits(quantity - filledQuantity - preventedQuantity);
}

/** Sum of price × quantity over filledQuantity, rounded down at 18 digits; null before a fill. */
export function averageFillPrice(order: Order): Price | null {
  if (order.filledQuantity === ZERO_QUANTITY) return null;
  return priceOfUnits(divideDown(order.filledNotional * ONE, order.filledQuantity));
}
