import { toTimestamp } from '#shared/domain/clock.ts';
import { formatUnits } from '#shared/domain/decimal.ts';
import type {
  AccountId,
  AssetCode,
  ClientOrderId,
  InstrumentSymbol,
  OrderId,
  UserId,
} from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { moneyOfUnits } from '#shared/domain/money.ts';
import { priceOfUnits } from '#shared/domain/price.ts';
import { quantityOfUnits } from '#shared/domain/quantity.ts';
import { Prisma } from '../__generated__/prisma/client.ts';
import type { OrderViolations } from '../domain/rules/order-denial.ts';
import type { RecordedOrder } from '../domain/order-event.ts';
import {
  type CancelReason,
  type ExpireReason,
  isArriving,
  isOpen,
  limitPriceOf,
  type OrderHold,
  type OrderSide,
  type OrderState,
  type OrderStatus,
  type OrderTerms,
  type RejectReason,
  type TimeInForce,
} from '../domain/order.ts';
import { type AmendJson, amendOfJson, amendToJson } from './amend-json.ts';
import {
  type InstructionsJson,
  instructionsOfJson,
  instructionsToJson,
} from './instructions-json.ts';
import { type LinkJson, linkOfJson, linkToJson } from './link-json.ts';
import { type PendingAmendJson, pendingOfJson, pendingToJson } from './pending-amend-json.ts';
import { type TriggerJson, triggerOfJson, triggerToJson } from './trigger-json.ts';
import { unitsOf } from './stored-decimal.ts';

/** A time as the store gives it, and as JSON keeps it. */
export type TimeValue = Date | string;

/**
 * An order as a row of `orders`, and as JSON in its events: decimals are text, so that no digit is
 * lost on the way through either.
 */
export interface OrderRow {
  readonly id: OrderId;
  readonly account_id: AccountId;
  readonly client_order_id: ClientOrderId;
  readonly created_sequence: string;
  readonly symbol: InstrumentSymbol;
  readonly side: OrderSide;
  readonly order_type: OrderTerms['orderType'];
  readonly time_in_force: TimeInForce;
  readonly quantity: string;
  readonly limit_price: string | null;
  readonly status: OrderStatus;
  readonly filled_quantity: string;
  readonly filled_notional: string;
  readonly fees: string;
  readonly hold_asset: AssetCode | null;
  readonly hold_placed: string | null;
  readonly hold_remaining: string | null;
  readonly worst_price: string | null;
  readonly maker_fee_rate: string | null;
  readonly taker_fee_rate: string | null;
  readonly violations: OrderViolations | null;
  readonly cancel_reason: CancelReason | null;
  readonly expire_reason: ExpireReason | null;
  readonly priority: number | bigint | null;
  readonly created_at: TimeValue;
  readonly accepted_at: TimeValue | null;
  readonly updated_at: TimeValue;
  readonly closed_at: TimeValue | null;
  readonly trigger: TriggerJson | null;
  readonly expire_at: TimeValue | null;
  readonly amends: readonly AmendJson[] | null;
  readonly link: LinkJson | null;
  readonly instructions: InstructionsJson | null;
  readonly prevented_quantity: string;
  readonly prevented_notional: string;
  readonly shown_quantity: string | null;
  readonly reject_reason: RejectReason | null;
  /** Absent in events that were stored before this field existed. */
  readonly touch_price?: string | null;
  readonly pending_amend: PendingAmendJson | null;
  readonly is_arriving: boolean | null;
  readonly placed_by: UserId | null;
}

/** Selects an {@link OrderRow} from `orders o`. */
export const ORDER_COLUMNS = Prisma.sql`
  o.id, o.account_id, o.client_order_id, o.created_sequence::text AS created_sequence, o.symbol,
  o.side::text AS side, o.order_type::text AS order_type, o.time_in_force::text AS time_in_force,
  o.quantity::text AS quantity, o.limit_price::text AS limit_price, o.status::text AS status,
  o.filled_quantity::text AS filled_quantity, o.filled_notional::text AS filled_notional,
  o.fees::text AS fees, o.hold_asset, o.hold_placed::text AS hold_placed,
  o.hold_remaining::text AS hold_remaining, o.worst_price::text AS worst_price,
  o.maker_fee_rate::text AS maker_fee_rate, o.taker_fee_rate::text AS taker_fee_rate,
  o.violations, o.cancel_reason, o.expire_reason, o.priority,
  o.created_at, o.accepted_at, o.updated_at, o.closed_at, o.trigger, o.expire_at, o.amends, o.link,
  o.instructions, o.prevented_quantity::text AS prevented_quantity,
  o.prevented_notional::text AS prevented_notional, o.shown_quantity::text AS shown_quantity,
  o.reject_reason, o.pending_amend, o.is_arriving, o.touch_price::text AS touch_price,
  o.placed_by`;

/** The row of an order. */
export function orderRowOf(order: RecordedOrder): OrderRow {
  const { hold, state } = order;
  const limitPrice = limitPriceOf(order.terms);
  return {
    id: order.id,
    account_id: order.accountId,
    placed_by: order.placedBy,
    client_order_id: order.clientOrderId,
    created_sequence: order.createdSequence.toString(),
    symbol: order.symbol,
    side: order.side,
    order_type: order.terms.orderType,
    time_in_force: order.terms.timeInForce,
    quantity: formatUnits(order.quantity),
    limit_price: limitPrice === null ? null : formatUnits(limitPrice),
    status: state.status,
    filled_quantity: formatUnits(order.filledQuantity),
    filled_notional: formatUnits(order.filledNotional),
    fees: formatUnits(order.fees),
    hold_asset: hold?.asset ?? null,
    hold_placed: hold === null ? null : formatUnits(hold.placed),
    hold_remaining: hold === null ? null : formatUnits(hold.remaining),
    worst_price: hold === null ? null : formatUnits(hold.worstPrice),
    maker_fee_rate: hold === null ? null : formatUnits(hold.makerFeeRate),
    taker_fee_rate: hold === null ? null : formatUnits(hold.takerFeeRate),
    violations: state.status === 'DENIED' ? state.violations : null,
    cancel_reason: state.status === 'CANCELED' ? state.cancelReason : null,
    expire_reason: state.status === 'EXPIRED' ? state.expireReason : null,
    reject_reason: state.status === 'REJECTED' ? state.rejectReason : null,
    touch_price: touchPriceOf(state),
    ...bookColumnsOf(order),
    created_at: timeText(order.createdAt),
    accepted_at:
      'acceptedAt' in state && state.acceptedAt !== null ? timeText(state.acceptedAt) : null,
    updated_at: timeText(order.updatedAt),
    closed_at: 'closedAt' in state ? timeText(state.closedAt) : null,
    ...waitColumnsOf(order),
  };
}

function bookColumnsOf(order: RecordedOrder) {
  const { instructions, preventedQuantity, preventedNotional, state } = order;
  const shown = isOpen(order) ? order.state.shownQuantity : null;
  return {
    priority: isOpen(order) ? order.state.priority : null,
    shown_quantity: shown === null ? null : formatUnits(shown),
    prevented_quantity: formatUnits(preventedQuantity),
    prevented_notional: formatUnits(preventedNotional),
    instructions: instructionsToJson(instructions),
    pending_amend: state.status === 'PENDING_UPDATE' ? pendingToJson(state) : null,
    is_arriving: isArriving(order) ? true : null,
  };
}

function waitColumnsOf({ trigger, expireAt, amends, link }: RecordedOrder) {
  return {
    trigger: trigger === null ? null : triggerToJson(trigger),
    expire_at: expireAt === null ? null : timeText(expireAt),
    link: linkToJson(link),
    amends: amends.length === 0 ? null : amends.map(amendToJson),
  };
}

/** The order of a row. @throws Error (an invariant) if this subgraph cannot have written the row */
export function orderOfRow(row: OrderRow): RecordedOrder {
  return {
    id: row.id,
    accountId: row.account_id,
    placedBy: row.placed_by,
    clientOrderId: row.client_order_id,
    createdSequence: BigInt(row.created_sequence),
    symbol: row.symbol,
    side: row.side,
    terms: termsOf(row),
    trigger: row.trigger == null ? null : triggerOfJson(row.trigger),
    link: linkOfJson(row.link),
    instructions: instructionsOfJson(row.instructions),
    amends: (row.amends ?? []).map(amendOfJson),
    expireAt: row.expire_at == null ? null : timeOf(row.expire_at),
    quantity: quantityOfUnits(unitsOf(row.quantity)),
    filledQuantity: quantityOfUnits(unitsOf(row.filled_quantity)),
    // Absent in events that were stored before this field existed.
    preventedQuantity: quantityOfUnits(unitsOf(row.prevented_quantity ?? '0')),
    preventedNotional: moneyOfUnits(unitsOf(row.prevented_notional ?? '0')),
    filledNotional: moneyOfUnits(unitsOf(row.filled_notional)),
    fees: moneyOfUnits(unitsOf(row.fees)),
    hold: holdOf(row),
    state: stateOf(row),
    createdAt: timeOf(row.created_at),
    updatedAt: timeOf(row.updated_at),
  };
}

/** Milliseconds since the epoch of a column; null is no value of this column. */
export function timeOf(value: TimeValue | null): number {
  invariant(value !== null, 'a stored order has a status without its time');
  return new Date(value).getTime();
}

/** A time as JSON. */
export function timeText(epochMs: number): string {
  return toTimestamp(epochMs);
}

function termsOf(row: OrderRow): OrderTerms {
  if (row.order_type === 'MARKET')
    return { orderType: 'MARKET', timeInForce: row.time_in_force === 'FOK' ? 'FOK' : 'IOC' };
  return {
    orderType: 'LIMIT',
    limitPrice: priceOfUnits(unitsOf(row.limit_price)),
    timeInForce: row.time_in_force,
  };
}

function holdOf(row: OrderRow): OrderHold | null {
  if (row.hold_asset === null) return null;
  return {
    asset: row.hold_asset,
    placed: moneyOfUnits(unitsOf(row.hold_placed)),
    remaining: moneyOfUnits(unitsOf(row.hold_remaining)),
    worstPrice: priceOfUnits(unitsOf(row.worst_price)),
    makerFeeRate: unitsOf(row.maker_fee_rate),
    takerFeeRate: unitsOf(row.taker_fee_rate),
  };
}

function touchPriceOf(state: OrderState): string | null {
  return state.status === 'REJECTED' && state.touchPrice !== null
    ? formatUnits(state.touchPrice)
    : null;
}

function stateOf(row: OrderRow): OrderState {
  const { status } = row;
  switch (status) {
    case 'SUBMITTED':
      return { status };
    case 'DENIED':
      return { status, violations: present(row.violations), closedAt: timeOf(row.closed_at) };
    case 'ACCEPTED':
    case 'TRIGGERED':
    case 'PARTIALLY_FILLED':
      return { status, ...bookOf(row) };
    case 'PENDING_UPDATE':
      return { status, ...pendingOfJson(present(row.pending_amend)), ...bookOf(row) };
    case 'REJECTED':
      return {
        status,
        rejectReason: present(row.reject_reason),
        touchPrice: row.touch_price == null ? null : priceOfUnits(unitsOf(row.touch_price)),
        acceptedAt: timeOf(row.accepted_at),
        closedAt: timeOf(row.closed_at),
      };
    case 'FILLED':
      return { status, acceptedAt: timeOf(row.accepted_at), closedAt: timeOf(row.closed_at) };
    case 'CANCELED':
      return { status, cancelReason: present(row.cancel_reason), ...endOf(row) };
    case 'EXPIRED':
      return { status, expireReason: present(row.expire_reason), ...endOf(row) };
  }
}

function bookOf(row: OrderRow) {
  const shown = row.shown_quantity ?? null;
  return {
    acceptedAt: timeOf(row.accepted_at),
    priority: Number(present(row.priority)),
    shownQuantity: shown === null ? null : quantityOfUnits(unitsOf(shown)),
    ...(row.is_arriving === true ? { isArriving: true as const } : {}),
  };
}

function endOf(row: OrderRow): { readonly acceptedAt: number | null; readonly closedAt: number } {
  return {
    acceptedAt: row.accepted_at === null ? null : timeOf(row.accepted_at),
    closedAt: timeOf(row.closed_at),
  };
}

function present<T>(value: T | null): T {
  invariant(value !== null, 'a stored order lacks what its status needs');
  return value;
}
