import type { FillId, TradeId } from '#shared/domain/ids.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { moneyOfUnits, notional, ZERO_MONEY } from '#shared/domain/money.ts';
import { type Price, priceOfUnits } from '#shared/domain/price.ts';
import { type Quantity, quantityOfUnits, ZERO_QUANTITY } from '#shared/domain/quantity.ts';
import type { Fill, LiquiditySide } from './fill.ts';
import { type HoldSettlement, settleHold } from './hold-amount.ts';
import type { OrderViolations } from './rules/order-denial.ts';
import { NO_LINK, type StopLeg } from './order-link.ts';
import { amendableValues, madeAmend, POST_ONLY_AMEND, STOP_LEG_AMEND } from './order-amend.ts';
import { NO_INSTRUCTIONS } from './order-instructions.ts';
import { transition } from './order-lifecycle.ts';
import { tradableLeft } from './quote-quantity.ts';
import {
  type CancelReason,
  type ExpireReason,
  isOpen,
  type BookPlace,
  type OpenOrder,
  type OpenOrderState,
  type Order,
  type OrderState,
  type RejectReason,
  type StandingStatus,
  standingOf,
  unfilledQuantity,
} from './order.ts';

/** What a new order is made from. */
export type NewOrder = Pick<
  Order,
  'id' | 'accountId' | 'clientOrderId' | 'symbol' | 'side' | 'terms' | 'quantity'
> &
  Partial<Pick<Order, 'placedBy' | 'trigger' | 'expireAt' | 'link' | 'instructions'>>;

/** An order's part in one trade. */
export interface FillOfOrder {
  readonly fillId: FillId;
  readonly tradeId: TradeId;
  readonly price: Price;
  readonly quantity: Quantity;
  readonly liquiditySide: LiquiditySide;
  /** The order's place in its book afterwards; omitted if unchanged. */
  readonly place?: BookPlace | null;
}

/** An order and its fill, after the fill. */
export type FilledOrder = Readonly<{ order: Order; fill: Fill; settlement: HoldSettlement }>;

/** An order that ended with a remainder. */
export interface EndedOrder {
  readonly order: Order;
  /** Whether the ledger may still hold anything for it. */
  readonly isHeld: boolean;
}

/** A new order whose hold is about to be requested. All times are milliseconds since the epoch. */
export function submitOrder(order: NewOrder, hold: NonNullable<Order['hold']>, at: number): Order {
  transition('NEW', 'SUBMIT');
  return { ...newOrder(order, at), hold, state: { status: 'SUBMITTED' } };
}

/** A new order that breaks rules: nothing was held. */
export function denyNewOrder(order: NewOrder, violations: OrderViolations, at: number): Order {
  transition('NEW', 'DENY');
  return { ...newOrder(order, at), state: { status: 'DENIED', violations, closedAt: at } };
}

/** A submitted order whose hold was refused, or whose instrument stopped while it was requested. */
export function denySubmittedOrder(order: Order, violations: OrderViolations, at: number): Order {
  transition(order.state.status, 'DENY');
  return {
    ...emptyHold(order),
    updatedAt: at,
    state: { status: 'DENIED', violations, closedAt: at },
  };
}

/** The book takes the order. @param priority its acceptance number within the instrument */
export function acceptOrder(order: Order, priority: number, at: number): Order {
  transition(order.state.status, 'ACCEPT');
  const state = { status: 'ACCEPTED', acceptedAt: at, priority, shownQuantity: null } as const;
  const { instructions } = order;
  if (instructions.validUntil === null) return { ...order, updatedAt: at, state };
  return { ...order, instructions: { ...instructions, validUntil: null }, updatedAt: at, state };
}

/** A waiting order's trigger is met: it goes to the book now. @param priority a new one */
export function triggerOrder(
  order: OpenOrder,
  worstPrice: Price,
  priority: number,
  at: number,
): OpenOrder {
  const { trigger, state, hold } = order;
  invariant(trigger !== null, `order ${order.id} has no trigger`);
  transition(state.status, 'TRIGGER');
  return {
    ...order,
    trigger: { ...trigger, triggeredAt: at },
    hold: { ...hold, worstPrice },
    updatedAt: at,
    state: { ...stillOpen(state, 'TRIGGERED'), priority },
  };
}

/** The other leg triggered: the order continues at its price. @param priority a new one */
export function switchLeg(
  order: OpenOrder,
  stop: StopLeg,
  priority: number,
  at: number,
): OpenOrder {
  const { terms, state } = order;
  invariant(terms.orderType === 'LIMIT', `order ${order.id} has a stop leg and no limit`);
  transition(state.status, 'TRIGGER');
  const link = { ...order.link, stop: { ...stop, triggeredAt: at } };
  const changed = { ...order, terms: { ...terms, limitPrice: stop.limitPrice }, link };
  const amend = madeAmend(order, {
    amendId: STOP_LEG_AMEND,
    asked: null,
    before: amendableValues(order),
    after: amendableValues(changed),
    priorityKept: false,
    at,
  });
  const standing = standingOf(state);
  const status = standing === 'ACCEPTED' ? 'TRIGGERED' : standing;
  return {
    ...changed,
    amends: [...order.amends, amend],
    hold: { ...order.hold, worstPrice: stop.limitPrice },
    updatedAt: at,
    state: { ...stillOpen(state, status), priority },
  };
}

/** A trailing stop's trigger price follows the market. */
export function trailOrder(order: OpenOrder, triggerPrice: Price, at: number): OpenOrder {
  const { trigger } = order;
  invariant(trigger !== null, `order ${order.id} has no trigger`);
  return { ...order, trigger: { ...trigger, triggerPrice }, updatedAt: at };
}

/**
 * An open order fills in part, or in full.
 * @throws Error (an invariant) if it is not open, has less left or would trade at too high a cost
 */
export function fillOrder(
  order: OpenOrder,
  part: FillOfOrder,
  { quoteScale }: Pick<Instrument, 'quoteScale'>,
  at: number,
): FilledOrder {
  const filledQuantity = quantityOfUnits(order.filledQuantity + part.quantity);
  const leavesAfter = unfilledQuantity({ ...order, filledQuantity });
  invariant(
    part.quantity > 0n && leavesAfter >= 0n,
    `order ${order.id} has less left than it fills`,
  );
  const use = { ...part, leavesAfter, tradableLeft: tradableLeft(order, { quoteScale }) };
  const settlement = settleHold(order.side, order.hold, use, quoteScale);
  const fill = fillOf(order, part, settlement, at);
  const filled = {
    ...order,
    filledQuantity,
    filledNotional: moneyOfUnits(order.filledNotional + fill.quoteQuantity),
    fees: moneyOfUnits(order.fees + fill.fee),
    hold: settlement.hold,
    updatedAt: at,
    state: stateAfterFill(order, part, leavesAfter, at),
  };
  return { order: filled, fill, settlement };
}

/** A user or a safeguard cancels the order. */
export function cancelOrder(order: Order, cancelReason: CancelReason, at: number): EndedOrder {
  transition(order.state.status, 'CANCEL');
  return endOrder(order, { status: 'CANCELED', cancelReason, ...endOf(order, at) }, at);
}

/**
 * The venue rejects an order that passed our checks.
 * @param touchPrice the price that a post-only one would have taken
 */
export function rejectOrder(
  order: OpenOrder,
  rejectReason: RejectReason,
  at: number,
  touchPrice: Price | null = null,
): EndedOrder {
  transition(order.state.status, 'REJECT');
  const times = { acceptedAt: order.state.acceptedAt, closedAt: at };
  return endOrder(order, { status: 'REJECTED', rejectReason, touchPrice, ...times }, at);
}

/** A post-only order comes to rest one tick from the touch instead of at its own price. */
export function repriceOrder(order: OpenOrder, limitPrice: Price, at: number): OpenOrder {
  const { terms } = order;
  invariant(terms.orderType === 'LIMIT', `order ${order.id} is moved and has no limit`);
  transition(order.state.status, 'AMEND');
  const changed = { ...order, terms: { ...terms, limitPrice } };
  const values = { before: amendableValues(order), after: amendableValues(changed) };
  const made = { amendId: POST_ONLY_AMEND, asked: null, ...values, priorityKept: false, at };
  const amend = madeAmend(order, made);
  const hold = { ...order.hold, worstPrice: limitPrice };
  return { ...changed, hold, amends: [...order.amends, amend], updatedAt: at };
}

/** The order's own terms end it. */
export function expireOrder(order: Order, expireReason: ExpireReason, at: number): EndedOrder {
  transition(order.state.status, 'EXPIRE');
  return endOrder(order, { status: 'EXPIRED', expireReason, ...endOf(order, at) }, at);
}

function newOrder(order: NewOrder, at: number): Omit<Order, 'state'> {
  return {
    placedBy: null,
    trigger: null,
    expireAt: null,
    amends: [],
    link: NO_LINK,
    instructions: NO_INSTRUCTIONS,
    ...order,
    filledQuantity: ZERO_QUANTITY,
    preventedQuantity: ZERO_QUANTITY,
    preventedNotional: ZERO_MONEY,
    filledNotional: ZERO_MONEY,
    fees: ZERO_MONEY,
    hold: null,
    createdAt: at,
    updatedAt: at,
  };
}

function fillOf(
  order: OpenOrder,
  { fillId, ...part }: FillOfOrder,
  { fee, feeRate }: HoldSettlement,
  executedAt: number,
): Fill {
  return {
    id: fillId,
    tradeId: part.tradeId,
    orderId: order.id,
    accountId: order.accountId,
    symbol: order.symbol,
    side: order.side,
    price: part.price,
    quantity: part.quantity,
    quoteQuantity: notional(part.price, part.quantity),
    fee,
    feeRate,
    liquiditySide: part.liquiditySide,
    priceImprovement: priceImprovement(order, part.price),
    executedAt,
  };
}

function priceImprovement({ side, terms }: OpenOrder, price: Price): Price | null {
  if (terms.orderType !== 'LIMIT') return null;
  const { limitPrice } = terms;
  return priceOfUnits(side === 'BUY' ? limitPrice - price : price - limitPrice);
}

function stateAfterFill(
  { state }: OpenOrder,
  { place }: Pick<FillOfOrder, 'place'>,
  leavesAfter: Quantity,
  at: number,
): OrderState {
  const isLast = leavesAfter === ZERO_QUANTITY;
  transition(state.status, isLast ? 'LAST_FILL' : 'PART_FILL');
  return isLast
    ? { status: 'FILLED', acceptedAt: state.acceptedAt, closedAt: at }
    : { ...stillOpen(state, 'PARTIALLY_FILLED'), ...place };
}

/** A pending order stays pending; the status that it returns to changes. */
function stillOpen(state: OpenOrderState, status: StandingStatus): OpenOrderState {
  return state.status === 'PENDING_UPDATE'
    ? { ...state, previousStatus: status }
    : { ...state, status };
}

function endOf(order: Order, at: number): { acceptedAt: number | null; closedAt: number } {
  return { acceptedAt: isOpen(order) ? order.state.acceptedAt : null, closedAt: at };
}

function endOrder(order: Order, state: OrderState, at: number): EndedOrder {
  // The growth of a pending change may still be granted after this.
  const isPending = order.state.status === 'PENDING_UPDATE';
  const isHeld = isPending || (order.hold !== null && order.hold.remaining > 0n);
  return { order: { ...emptyHold(order), updatedAt: at, state }, isHeld };
}

function emptyHold(order: Order): Order {
  return order.hold === null ? order : { ...order, hold: { ...order.hold, remaining: ZERO_MONEY } };
}
