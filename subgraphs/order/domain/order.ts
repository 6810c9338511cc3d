import { divideDown, ONE } from '#shared/domain/decimal.ts';
import type {
  AccountId,
  AssetCode,
  ClientOrderId,
  InstrumentSymbol,
  OrderId,
} from '#shared/domain/ids.ts';
import type { Money } from '#shared/domain/money.ts';
import { priceOfUnits, type Price } from '#shared/domain/price.ts';
import { quantityOfUnits, type Quantity, ZERO_QUANTITY } from '#shared/domain/quantity.ts';
import type { OrderViolations } from './order-denial.ts';
import type { OrderAmend } from './order-amend.ts';
import type { OrderLink } from './order-link.ts';
import type { OrderTrigger } from './order-trigger.ts';

/** Always the client's side. */
export type OrderSide = 'BUY' | 'SELL';
/** What an order does. */
export type OrderType = OrderTerms['orderType'];
/**
 * How long an order lives: until filled or canceled, what it can at once, all at once or nothing,
 * until an instant, or until the day ends at 00:00 UTC.
 */
export type TimeInForce = 'GTC' | 'IOC' | 'FOK' | 'GTD' | 'DAY';
/** Whether an order may take: OFF it may; else it is refused or moved to one tick from the touch. */
export type PostOnly = 'OFF' | 'REJECT' | 'REPRICE';
/** Who gives way when an order meets one of its own trade group; the incoming order's mode decides. */
export type SelfTradePreventionMode = 'CANCEL_TAKER' | 'CANCEL_MAKER' | 'CANCEL_BOTH' | 'DECREMENT';

/** Trades at its limit price or better. */
export interface LimitTerms {
  readonly orderType: 'LIMIT';
  /** Zero only on an order that was denied for it. */
  readonly limitPrice: Price;
  readonly timeInForce: TimeInForce;
}

/** Trades at once within the collar; always IOC. */
export interface MarketTerms {
  readonly orderType: 'MARKET';
}

/** What an order asks for beside side and quantity. */
export type OrderTerms = LimitTerms | MarketTerms;

/** Every status an order can have; see `order-lifecycle.ts` for the ways between them. */
export const ORDER_STATUSES = [
  'SUBMITTED',
  'DENIED',
  'ACCEPTED',
  'TRIGGERED',
  'PARTIALLY_FILLED',
  'FILLED',
  'CANCELED',
  'EXPIRED',
] as const;
/** One of {@link ORDER_STATUSES}. */
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** Taken, and able to fill: in the book, or waiting for its trigger. */
export const OPEN_ORDER_STATUSES = ['ACCEPTED', 'TRIGGERED', 'PARTIALLY_FILLED'] as const;
/** Waiting for someone's answer; neither open nor closed. */
export const IN_FLIGHT_ORDER_STATUSES = ['SUBMITTED'] as const;
/** Ended; nothing will happen any more. */
export const CLOSED_ORDER_STATUSES = ['DENIED', 'FILLED', 'CANCELED', 'EXPIRED'] as const;

/** Why someone or a protection took an order off the book. */
export type CancelReason =
  | 'USER_REQUEST'
  | 'CANCEL_ALL'
  | 'CANCEL_ALL_AFTER'
  | 'SELF_TRADE_PREVENTION'
  | 'KILL_SWITCH'
  | 'AMENDED_BELOW_FILLED';
/** Which of its own terms ended an order. */
export type ExpireReason =
  | 'UNFILLED_IOC_QUANTITY'
  | 'UNFILLED_FOK_ORDER'
  | 'INSUFFICIENT_LIQUIDITY'
  | 'PRICE_RANGE_EXCEEDED'
  | 'EXPIRE_TIME_REACHED'
  | 'DAY_ENDED';

/** What the book knows of an order that it took. All times are milliseconds since the epoch. */
interface InBook {
  readonly acceptedAt: number;
  /**
   * The acceptance number within the instrument: rises with every acceptance and is never given
   * twice. At one price the lower number fills first.
   */
  readonly priority: number;
}

/** The end of an order that the book may never have taken: then `acceptedAt` is null. */
interface Ended {
  readonly acceptedAt: number | null;
  readonly closedAt: number;
}

/** An order's state while the book has it. */
export type OpenOrderState = {
  readonly status: (typeof OPEN_ORDER_STATUSES)[number];
} & InBook;

/** What an order is now, with the facts that only this status has. */
export type OrderState =
  | { readonly status: 'SUBMITTED' }
  | {
      readonly status: 'DENIED';
      /** The first one is the denial. */
      readonly violations: OrderViolations;
      readonly closedAt: number;
    }
  | OpenOrderState
  | { readonly status: 'FILLED'; readonly acceptedAt: number; readonly closedAt: number }
  | ({ readonly status: 'CANCELED'; readonly cancelReason: CancelReason } & Ended)
  | ({ readonly status: 'EXPIRED'; readonly expireReason: ExpireReason } & Ended);

/**
 * What is set aside for an order and what that was reckoned with; fixed when the order passed the
 * checks, so that a later change of collar or fees cannot make the hold short.
 */
export interface OrderHold {
  /** The quote asset for a BUY, the base asset for a SELL. */
  readonly asset: AssetCode;
  /** What was set aside before the book saw the order. */
  readonly placed: Money;
  /** What still is: placed less settled less released. Zero once the order is closed. */
  readonly remaining: Money;
  /** The limit price, or a MARKET order's edge of the collar: it never trades worse than this. */
  readonly worstPrice: Price;
  /** Shares of the notional, as counts of 10^-18. */
  readonly makerFeeRate: bigint;
  /** See `makerFeeRate`. */
  readonly takerFeeRate: bigint;
}

/** An order and all that became of it. Immutable: each event makes a new one. */
export interface Order {
  readonly id: OrderId;
  readonly accountId: AccountId;
  readonly clientOrderId: ClientOrderId;
  /** The instrument; of an order denied with INSTRUMENT_NOT_FOUND it is only what was asked for. */
  readonly symbol: InstrumentSymbol;
  readonly side: OrderSide;
  readonly terms: OrderTerms;
  /** What it waits for before it does what the terms say; null for one that comes at once. */
  readonly trigger: OrderTrigger | null;
  /** When it ends by itself, milliseconds since the epoch; null for GTC, IOC and FOK. */
  readonly expireAt: number | null;
  /** How it hangs together with others. */
  readonly link: OrderLink;
  /** What was changed of it, the oldest first. */
  readonly amends: readonly OrderAmend[];
  /** Base units ordered. */
  readonly quantity: Quantity;
  /** Base units done. */
  readonly filledQuantity: Quantity;
  /** Sum of price × quantity of its fills, in the quote asset. */
  readonly filledNotional: Money;
  /** Sum of its fills' fees, in the quote asset. */
  readonly fees: Money;
  /** Null only on an order that was denied before a hold was asked for. */
  readonly hold: OrderHold | null;
  readonly state: OrderState;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Milliseconds since the epoch. */
  readonly updatedAt: number;
}

/** An order that the book has. */
export type OpenOrder = Order & { readonly state: OpenOrderState; readonly hold: OrderHold };

function isOneOf(statuses: readonly OrderStatus[], order: Order): boolean {
  return statuses.includes(order.state.status);
}

/** In the book: it can still fill. */
export function isOpen(order: Order): order is OpenOrder {
  return isOneOf(OPEN_ORDER_STATUSES, order);
}

/** Taken, but not in the book: it waits for its trigger. */
export function isWaiting({ state, trigger }: Order): boolean {
  return state.status === 'ACCEPTED' && trigger !== null;
}

/** It rests, and has another leg that waits for a price. */
export function hasWaitingStop(order: Order): boolean {
  return isOpen(order) && order.link.stop !== null && order.link.stop.triggeredAt === null;
}

/** Ended. */
export function isClosed(order: Order): boolean {
  return isOneOf(CLOSED_ORDER_STATUSES, order);
}

/** A MARKET order never waits, so it is IOC. */
export function timeInForceOf(terms: OrderTerms): TimeInForce {
  return terms.orderType === 'LIMIT' ? terms.timeInForce : 'IOC';
}

/** Null for MARKET. */
export function limitPriceOf(terms: OrderTerms): Price | null {
  return terms.orderType === 'LIMIT' ? terms.limitPrice : null;
}

/** Base units that can still be done: quantity less filledQuantity, nothing once closed. */
export function leavesQuantity(order: Order): Quantity {
  return isClosed(order) ? ZERO_QUANTITY : unfilledQuantity(order);
}

/** Base units that were not done, whatever became of the order. */
export function unfilledQuantity(order: Pick<Order, 'quantity' | 'filledQuantity'>): Quantity {
  return quantityOfUnits(order.quantity - order.filledQuantity);
}

/** Sum of price × quantity over filledQuantity, rounded down at 18 digits; null before a fill. */
export function averageFillPrice(order: Order): Price | null {
  if (order.filledQuantity === ZERO_QUANTITY) return null;
  return priceOfUnits(divideDown(order.filledNotional * ONE, order.filledQuantity));
}
