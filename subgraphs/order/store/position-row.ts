import { formatUnits } from '#shared/domain/decimal.ts';
import type { AccountId, InstrumentSymbol } from '#shared/domain/ids.ts';
import { moneyOfUnits } from '#shared/domain/money.ts';
import { Prisma } from '../__generated__/prisma/client.ts';
import type { Position } from '../domain/position.ts';
import { timeOf, timeText, type TimeValue } from './order-row.ts';
import { unitsOf } from './stored-decimal.ts';

/** A position as a row of `positions`; decimals are text. */
export interface PositionRow {
  readonly account_id: AccountId;
  readonly symbol: InstrumentSymbol;
  readonly net_quantity: string;
  readonly entry_cost: string;
  readonly realized_pnl: string;
  readonly fees: string;
  readonly updated_at: TimeValue;
}

/** Selects a {@link PositionRow} from `positions p`. */
export const POSITION_COLUMNS = Prisma.sql`
  p.account_id, p.symbol, p.net_quantity::text AS net_quantity, p.entry_cost::text AS entry_cost,
  p.realized_pnl::text AS realized_pnl, p.fees::text AS fees, p.updated_at`;

/** The row of a position. */
export function positionRowOf(position: Position): PositionRow {
  return {
    account_id: position.accountId,
    symbol: position.symbol,
    net_quantity: formatUnits(position.netQuantity),
    entry_cost: formatUnits(position.entryCost),
    realized_pnl: formatUnits(position.realizedPnl),
    fees: formatUnits(position.fees),
    updated_at: timeText(position.updatedAt),
  };
}

/** The position of a row. */
export function positionOfRow(row: PositionRow): Position {
  return {
    accountId: row.account_id,
    symbol: row.symbol,
    netQuantity: unitsOf(row.net_quantity),
    entryCost: moneyOfUnits(unitsOf(row.entry_cost)),
    realizedPnl: moneyOfUnits(unitsOf(row.realized_pnl)),
    fees: moneyOfUnits(unitsOf(row.fees)),
    updatedAt: timeOf(row.updated_at),
  };
}
