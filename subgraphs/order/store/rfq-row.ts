import { formatUnits } from '#shared/domain/decimal.ts';
import type {
  AccountId,
  ClientOrderId,
  ClientRfqId,
  InstrumentSymbol,
  OrderId,
  QuoteId,
  RfqId,
  UserId,
} from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { moneyOfUnits } from '#shared/domain/money.ts';
import { priceOfUnits } from '#shared/domain/price.ts';
import { quantityOfUnits } from '#shared/domain/quantity.ts';
import { Prisma } from '../__generated__/prisma/client.ts';
import type { OrderSide } from '../domain/order.ts';
import type { LastLook } from '../domain/rfq/last-look.ts';
import type { AcceptRejectReason } from '../domain/rfq/rfq-refusal.ts';
import {
  acceptOf,
  type Rfq,
  type RfqAccept,
  type RfqOrigin,
  type RfqSize,
  type RfqState,
  type RfqStatus,
} from '../domain/rfq/rfq.ts';
import { timeOf, timeText, type TimeValue } from './order-row.ts';
import { unitsOf } from './stored-decimal.ts';

/** A request for quote as a row of `rfqs`; decimals are text. */
export interface RfqRow {
  readonly id: RfqId;
  readonly account_id: AccountId;
  readonly client_rfq_id: ClientRfqId;
  readonly number: number;
  readonly origin: RfqOrigin;
  readonly symbol: InstrumentSymbol;
  readonly side: OrderSide | null;
  readonly quantity: string | null;
  readonly quote_quantity: string | null;
  readonly status: RfqStatus;
  readonly sequence: number;
  readonly trader_id: UserId | null;
  readonly created_at: TimeValue;
  readonly expires_at: TimeValue;
  readonly updated_at: TimeValue;
  readonly first_quoted_at: TimeValue | null;
  readonly closed_at: TimeValue | null;
  readonly quote_id: QuoteId | null;
  readonly accepted_side: OrderSide | null;
  readonly accepted_quantity: string | null;
  readonly accepted_price: string | null;
  readonly order_id: OrderId | null;
  readonly client_order_id: ClientOrderId | null;
  readonly max_slippage_bps: number | null;
  readonly accepted_at: TimeValue | null;
  readonly look_mid_price: string | null;
  readonly look_move_bps: string | null;
  readonly look_taken_bps: string | null;
  readonly fill_price: string | null;
  readonly reject_reason: AcceptRejectReason | null;
}

/** Selects an {@link RfqRow} from `rfqs r`. */
export const RFQ_COLUMNS = Prisma.sql`
  r.id, r.account_id, r.client_rfq_id, r.number, r.origin, r.symbol, r.side::text AS side,
  r.quantity::text AS quantity, r.quote_quantity::text AS quote_quantity,
  r.status::text AS status, r.sequence, r.trader_id, r.created_at, r.expires_at, r.updated_at,
  r.first_quoted_at, r.closed_at, r.quote_id, r.accepted_side::text AS accepted_side,
  r.accepted_quantity::text AS accepted_quantity, r.accepted_price::text AS accepted_price,
  r.order_id, r.client_order_id, r.max_slippage_bps, r.accepted_at,
  r.look_mid_price::text AS look_mid_price, r.look_move_bps::text AS look_move_bps,
  r.look_taken_bps::text AS look_taken_bps,
  r.fill_price::text AS fill_price, r.reject_reason`;

/** The row of a request. */
export function rfqRowOf(rfq: Rfq): RfqRow {
  const { size, state } = rfq;
  return {
    id: rfq.id,
    account_id: rfq.accountId,
    client_rfq_id: rfq.clientRfqId,
    number: rfq.number,
    origin: rfq.origin,
    symbol: rfq.symbol,
    side: rfq.side,
    quantity: textOrNull(size.quantity),
    quote_quantity: textOrNull(size.quoteQuantity),
    status: state.status,
    sequence: rfq.sequence,
    trader_id: rfq.traderId,
    created_at: timeText(rfq.createdAt),
    expires_at: timeText(rfq.expiresAt),
    updated_at: timeText(rfq.updatedAt),
    first_quoted_at: timeOrNull(rfq.firstQuotedAt),
    ...acceptRowOf(acceptOf(rfq)),
    ...endRowOf(state),
  };
}

function acceptRowOf(accept: RfqAccept | null) {
  return {
    quote_id: accept?.quoteId ?? null,
    accepted_side: accept?.side ?? null,
    accepted_quantity: textOrNull(accept?.quantity),
    accepted_price: textOrNull(accept?.price),
    order_id: accept?.orderId ?? null,
    client_order_id: accept?.clientOrderId ?? null,
    max_slippage_bps: accept?.maxSlippageBps ?? null,
    accepted_at: timeOrNull(accept?.acceptedAt),
  };
}

function endRowOf(state: RfqState) {
  const lastLook = 'lastLook' in state ? state.lastLook : null;
  return {
    closed_at: 'closedAt' in state ? timeText(state.closedAt) : null,
    look_mid_price: textOrNull(lastLook?.midPrice),
    look_move_bps: textOrNull(lastLook?.moveBps),
    look_taken_bps: textOrNull(lastLook?.takenBps),
    fill_price: state.status === 'FILLED' ? formatUnits(state.fillPrice) : null,
    reject_reason: state.status === 'REJECTED' ? state.rejectReason : null,
  };
}

/** The request of a row. */
export function rfqOfRow(row: RfqRow): Rfq {
  return {
    id: row.id,
    accountId: row.account_id,
    clientRfqId: row.client_rfq_id,
    number: row.number,
    origin: row.origin,
    symbol: row.symbol,
    side: row.side,
    size: sizeOf(row),
    sequence: row.sequence,
    traderId: row.trader_id,
    createdAt: timeOf(row.created_at),
    expiresAt: timeOf(row.expires_at),
    updatedAt: timeOf(row.updated_at),
    firstQuotedAt: row.first_quoted_at === null ? null : timeOf(row.first_quoted_at),
    state: stateOf(row),
  };
}

function sizeOf({ quantity, quote_quantity }: RfqRow): RfqSize {
  return quantity === null
    ? { quantity, quoteQuantity: moneyOfUnits(unitsOf(quote_quantity)) }
    : { quantity: quantityOfUnits(unitsOf(quantity)), quoteQuantity: null };
}

function stateOf(row: RfqRow): RfqState {
  const { status } = row;
  switch (status) {
    case 'OPEN':
    case 'QUOTED':
      return { status };
    case 'ACCEPT_PENDING':
      return { status, accept: acceptOfRow(row) };
    case 'FILLED':
      return {
        status,
        accept: acceptOfRow(row),
        lastLook: present(lastLookOf(row)),
        fillPrice: priceOfUnits(unitsOf(row.fill_price)),
        closedAt: timeOf(row.closed_at),
      };
    case 'REJECTED':
      return {
        status,
        accept: acceptOfRow(row),
        rejectReason: present(row.reject_reason),
        lastLook: lastLookOf(row),
        closedAt: timeOf(row.closed_at),
      };
    case 'EXPIRED':
    case 'CANCELED':
      return { status, closedAt: timeOf(row.closed_at) };
  }
}

function acceptOfRow(row: RfqRow): RfqAccept {
  return {
    quoteId: present(row.quote_id),
    side: present(row.accepted_side),
    quantity: quantityOfUnits(unitsOf(row.accepted_quantity)),
    price: priceOfUnits(unitsOf(row.accepted_price)),
    orderId: present(row.order_id),
    clientOrderId: present(row.client_order_id),
    maxSlippageBps: present(row.max_slippage_bps),
    acceptedAt: timeOf(row.accepted_at),
  };
}

function lastLookOf({ look_mid_price, look_move_bps, look_taken_bps }: RfqRow): LastLook | null {
  if (look_move_bps === null) return null;
  const midPrice = look_mid_price === null ? null : priceOfUnits(unitsOf(look_mid_price));
  // Last looks of earlier versions did not measure it.
  return { midPrice, moveBps: unitsOf(look_move_bps), takenBps: unitsOf(look_taken_bps ?? '0') };
}

function textOrNull(units: bigint | null | undefined): string | null {
  return units == null ? null : formatUnits(units);
}

function timeOrNull(epochMs: number | null | undefined): string | null {
  return epochMs == null ? null : timeText(epochMs);
}

function present<T>(value: T | null): T {
  invariant(value !== null, 'a stored request for quote lacks what its status needs');
  return value;
}
