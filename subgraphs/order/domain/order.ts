import { divideDown, ONE } from '#shared/domain/decimal.ts';
import type {
  AccountId,
  AssetCode,
  ClientOrderId,
  HoldChangeId,
  InstrumentSymbol,
  OrderId,
} from '#shared/domain/ids.ts';
import type { Money } from '#shared/domain/money.ts';
import { priceOfUnits, type Price } from '#shared/domain/price.ts';
import { quantityOfUnits, type Quantity, ZERO_QUANTITY } from '#shared/domain/quantity.ts';
import type { OrderViolations } from './order-denial.ts';
import type { OrderAmend, OrderChanges } from './order-amend.ts';
import type { OrderInstructions } from './order-instructions.ts';
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

/** Trades at its limit price or better. */
interface LimitTerms {
  readonly orderType: 'LIMIT';
  /** Zero only on an order that was denied for it. */
  readonly limitPrice: Price;
  readonly timeInForce: TimeInForce;
}

/** Trades at once within the collar, and never waits. */
interface MarketTerms {
  readonly orderType: 'MARKET';
  readonly timeInForce: 'IOC' | 'FOK';
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
  'PENDING_UPDATE',
  'REJECTED',
  'FILLED',
  'CANCELED',
  'EXPIRED',
] as const;
/** One of {@link ORDER_STATUSES}. */
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** Taken, and nothing is asked about it. */
const SETTLED_OPEN_STATUSES = ['ACCEPTED', 'TRIGGERED', 'PARTIALLY_FILLED'] as const;
/** Taken, and able to fill: in the book, or waiting for its trigger. */
export const OPEN_ORDER_STATUSES = [...SETTLED_OPEN_STATUSES, 'PENDING_UPDATE'] as const;
/** Ended; nothing will happen any more. */
export const CLOSED_ORDER_STATUSES = [
  'DENIED',
  'REJECTED',
  'FILLED',
  'CANCELED',
  'EXPIRED',
] as const;

/** Why someone or a protection took an order off the book. */
export type CancelReason =
  | 'USER_REQUEST'
  | 'CANCEL_ALL'
  | 'CANCEL_ALL_AFTER'
  | 'CANCEL_ON_DISCONNECT'
  | 'SELF_TRADE_PREVENTION'
  | 'KILL_SWITCH'
  | 'AMENDED_BELOW_FILLED'
  | 'TECHNICAL';
/** Why the venue refused an order that we had passed; all but the first are those of an accepted quote. */
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

/** Where an order stands in its book. */
export interface BookPlace {
  /**
   * The acceptance number within the instrument: rises with every acceptance and is never given
   * twice. At one price the lower number fills first.
   */
  readonly priority: number;
  /** What an iceberg shows now; null for an order that shows everything, or waits for a trigger. */
  readonly shownQuantity: Quantity | null;
}

/** What the book knows of an order that it took. All times are milliseconds since the epoch. */
interface InBook extends BookPlace {
  readonly acceptedAt: number;
  /** There while it does not rest, for it has more to take than one turn could store. */
  readonly isArriving?: true;
}

/** The end of an order that the book may never have taken: then `acceptedAt` is null. */
interface Ended {
  readonly acceptedAt: number | null;
  readonly closedAt: number;
}

/** A change that needs more than is held, while the ledger is asked for it. */
export interface PendingAmend {
  readonly amendId: string;
  readonly changes: OrderChanges;
  /** What the hold would grow by. */
  readonly growth: Money;
  /** Names the growth to the ledger, which grants it once. */
  readonly changeId: HoldChangeId;
}

/** An order's status while the book has it, whether or not a change of it is asked for. */
export type StandingStatus = (typeof SETTLED_OPEN_STATUSES)[number];

/** An order's state while the book has it. */
export type OpenOrderState =
  | ({ readonly status: StandingStatus } & InBook)
  | ({
      readonly status: 'PENDING_UPDATE';
      /** What it goes back to. */
      readonly previousStatus: StandingStatus;
      readonly pending: PendingAmend;
    } & InBook);

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
  | {
      readonly status: 'REJECTED';
      readonly rejectReason: RejectReason;
      /** The best price of the other side, which a post-only order would have taken; null for other reasons. */
      readonly touchPrice: Price | null;
      readonly acceptedAt: number;
      readonly closedAt: number;
    }
  | { readonly status: 'FILLED'; readonly acceptedAt: number; readonly closedAt: number }
  | ({ readonly status: 'CANCELED'; readonly cancelReason: CancelReason } & Ended)
  | ({ readonly status: 'EXPIRED'; readonly expireReason: ExpireReason } & Ended);

/**
 * What is set aside for an order and what that was calculated with; fixed when the order passed the
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
  /** How it is matched, beyond its terms. */
  readonly instructions: OrderInstructions;
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
  /** Base units that were taken off it instead of trading with its own account. */
  readonly preventedQuantity: Quantity;
  /** Sum of price × quantity of that, in the quote asset: an order by quote quantity has this much less to trade for. */
  readonly preventedNotional: Money;
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

/** In the book: it can still fill. */
export function isOpen(order: Order): order is OpenOrder {
  return OPEN_ORDER_STATUSES.some((open) => open === order.state.status);
}

/** What an open order is, whether or not a change of it is asked for. */
export function standingOf(state: OpenOrderState): StandingStatus {
  return state.status === 'PENDING_UPDATE' ? state.previousStatus : state.status;
}

/** Taken, but not in the book: it waits for its trigger. */
export function isWaiting(order: Order): boolean {
  return isOpen(order) && order.trigger !== null && standingOf(order.state) === 'ACCEPTED';
}

/** Taken, and on its way through the book: it goes on before anything else, and rests only afterwards. */
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

/** Base units that can still be done: what is neither filled nor prevented, nothing once closed. */
export function leavesQuantity(order: Order): Quantity {
  return isClosed(order) ? ZERO_QUANTITY : unfilledQuantity(order);
}

/** Base units that were neither done nor prevented, whatever became of the order. */
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
