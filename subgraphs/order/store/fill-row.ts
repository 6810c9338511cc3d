import { formatUnits } from '#shared/domain/decimal.ts';
import type { AccountId, FillId, InstrumentSymbol, OrderId, TradeId } from '#shared/domain/ids.ts';
import { moneyOfUnits } from '#shared/domain/money.ts';
import { priceOfUnits } from '#shared/domain/price.ts';
import { quantityOfUnits } from '#shared/domain/quantity.ts';
import { Prisma } from '../__generated__/prisma/client.ts';
import type { LiquiditySide } from '../domain/fill.ts';
import type { RecordedFill } from '../domain/order-event.ts';
import type { OrderSide } from '../domain/order.ts';
import { timeOf, timeText, type TimeValue } from './order-row.ts';
import { unitsOf } from './stored-decimal.ts';

/** A fill as a row of `fills`, and as JSON in its event; decimals are text. */
export interface FillRow {
  readonly id: FillId;
  readonly trade_id: TradeId;
  readonly order_id: OrderId;
  readonly account_id: AccountId;
  readonly symbol: InstrumentSymbol;
  readonly side: OrderSide;
  readonly price: string;
  readonly quantity: string;
  readonly quote_quantity: string;
  readonly fee: string;
  readonly fee_rate: string;
  readonly liquidity_side: LiquiditySide;
  readonly sequence: string;
  readonly executed_at: TimeValue;
  /** Absent in events that were stored before this field existed. */
  readonly price_improvement?: string | null;
}

/** Selects a {@link FillRow} from `fills f`. */
export const FILL_COLUMNS = Prisma.sql`
  f.id, f.trade_id, f.order_id, f.account_id, f.symbol, f.side::text AS side,
  f.price::text AS price, f.quantity::text AS quantity, f.quote_quantity::text AS quote_quantity,
  f.fee::text AS fee, f.fee_rate::text AS fee_rate, f.liquidity_side::text AS liquidity_side,
  f.sequence::text AS sequence, f.executed_at, f.price_improvement::text AS price_improvement`;

/** The row of a fill. */
export function fillRowOf(fill: RecordedFill): FillRow {
  return {
    id: fill.id,
    trade_id: fill.tradeId,
    order_id: fill.orderId,
    account_id: fill.accountId,
    symbol: fill.symbol,
    side: fill.side,
    price: formatUnits(fill.price),
    quantity: formatUnits(fill.quantity),
    quote_quantity: formatUnits(fill.quoteQuantity),
    fee: formatUnits(fill.fee),
    fee_rate: formatUnits(fill.feeRate),
    liquidity_side: fill.liquiditySide,
    sequence: fill.sequence.toString(),
    executed_at: timeText(fill.executedAt),
    price_improvement: fill.priceImprovement === null ? null : formatUnits(fill.priceImprovement),
  };
}

/** The fill of a row. */
export function fillOfRow(row: FillRow): RecordedFill {
  return {
    id: row.id,
    tradeId: row.trade_id,
    orderId: row.order_id,
    accountId: row.account_id,
    symbol: row.symbol,
    side: row.side,
    price: priceOfUnits(unitsOf(row.price)),
    quantity: quantityOfUnits(unitsOf(row.quantity)),
    quoteQuantity: moneyOfUnits(unitsOf(row.quote_quantity)),
    fee: moneyOfUnits(unitsOf(row.fee)),
    feeRate: unitsOf(row.fee_rate),
    liquiditySide: row.liquidity_side,
    sequence: BigInt(row.sequence),
    executedAt: timeOf(row.executed_at),
    priceImprovement:
      row.price_improvement == null ? null : priceOfUnits(unitsOf(row.price_improvement)),
  };
}
