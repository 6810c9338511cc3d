import { formatUnits } from '#shared/domain/decimal.ts';
import type { AccountId, InstrumentSymbol, OrderId, RfqId, TradeId } from '#shared/domain/ids.ts';
import { moneyOfUnits } from '#shared/domain/money.ts';
import { quantityOfUnits } from '#shared/domain/quantity.ts';
import { Prisma } from '../__generated__/prisma/client.ts';
import type { OrderSide } from '../domain/order.ts';
import type { Settlement, SettlementState, SettlementStatus } from '../domain/rfq/settlement.ts';
import { timeOf, timeText, type TimeValue } from './order-row.ts';
import { unitsOf } from './stored-decimal.ts';

/** A settlement as a row of `settlements`, and as JSON in its event; decimals are text. */
export interface SettlementRow {
  readonly id: TradeId;
  readonly rfq_id: RfqId;
  readonly order_id: OrderId;
  readonly account_id: AccountId;
  readonly symbol: InstrumentSymbol;
  readonly side: OrderSide;
  readonly quantity: string;
  readonly notional: string;
  readonly status: SettlementStatus;
  readonly created_at: TimeValue;
  readonly instructed_at: TimeValue | null;
  readonly settled_at: TimeValue | null;
  readonly failed_at: TimeValue | null;
}

/** Selects a {@link SettlementRow} from `settlements s`. */
export const SETTLEMENT_COLUMNS = Prisma.sql`
  s.id, s.rfq_id, s.order_id, s.account_id, s.symbol, s.side::text AS side,
  s.quantity::text AS quantity, s.notional::text AS notional, s.status::text AS status,
  s.created_at, s.instructed_at, s.settled_at, s.failed_at`;

/** The row of a settlement. */
export function settlementRowOf(settlement: Settlement): SettlementRow {
  const { state } = settlement;
  return {
    id: settlement.id,
    rfq_id: settlement.rfqId,
    order_id: settlement.orderId,
    account_id: settlement.accountId,
    symbol: settlement.symbol,
    side: settlement.side,
    quantity: formatUnits(settlement.quantity),
    notional: formatUnits(settlement.notional),
    status: state.status,
    created_at: timeText(settlement.createdAt),
    instructed_at: 'instructedAt' in state ? timeText(state.instructedAt) : null,
    settled_at: 'settledAt' in state ? timeText(state.settledAt) : null,
    failed_at: 'failedAt' in state ? timeText(state.failedAt) : null,
  };
}

/** The settlement of a row. */
export function settlementOfRow(row: SettlementRow): Settlement {
  return {
    id: row.id,
    rfqId: row.rfq_id,
    orderId: row.order_id,
    accountId: row.account_id,
    symbol: row.symbol,
    side: row.side,
    quantity: quantityOfUnits(unitsOf(row.quantity)),
    notional: moneyOfUnits(unitsOf(row.notional)),
    state: stateOf(row),
    createdAt: timeOf(row.created_at),
  };
}

function stateOf(row: SettlementRow): SettlementState {
  const { status } = row;
  switch (status) {
    case 'PENDING':
      return { status };
    case 'INSTRUCTED':
      return { status, instructedAt: timeOf(row.instructed_at) };
    case 'SETTLED':
      return {
        status,
        instructedAt: timeOf(row.instructed_at),
        settledAt: timeOf(row.settled_at),
      };
    case 'FAILED':
      return { status, instructedAt: timeOf(row.instructed_at), failedAt: timeOf(row.failed_at) };
  }
}
