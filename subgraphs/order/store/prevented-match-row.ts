import { formatUnits } from '#shared/domain/decimal.ts';
import type { AccountId, InstrumentSymbol, OrderId } from '#shared/domain/ids.ts';
import { priceOfUnits } from '#shared/domain/price.ts';
import { quantityOfUnits } from '#shared/domain/quantity.ts';
import { Prisma } from '../__generated__/prisma/client.ts';
import type { PreventedMatch } from '../domain/prevented-match.ts';
import { timeOf, timeText, type TimeValue } from './order-row.ts';
import { unitsOf } from './stored-decimal.ts';

/** A row of `prevented_matches`, and as JSON in its events; decimals are text. */
export interface PreventedMatchRow {
  readonly id: string;
  readonly account_id: AccountId;
  readonly symbol: InstrumentSymbol;
  readonly taker_order_id: OrderId;
  readonly maker_order_id: OrderId;
  readonly mode: PreventedMatch['mode'];
  readonly price: string;
  readonly taker_quantity: string;
  readonly maker_quantity: string;
  readonly at: TimeValue;
}

/** Selects a {@link PreventedMatchRow} from `prevented_matches m`. */
export const PREVENTED_MATCH_COLUMNS = Prisma.sql`
  m.id, m.account_id, m.symbol, m.taker_order_id, m.maker_order_id, m.mode,
  m.price::text AS price, m.taker_quantity::text AS taker_quantity,
  m.maker_quantity::text AS maker_quantity, m.at`;

/** The row of a prevented match. */
export function preventedMatchRowOf(match: PreventedMatch): PreventedMatchRow {
  return {
    id: match.id,
    account_id: match.accountId,
    symbol: match.symbol,
    taker_order_id: match.takerOrderId,
    maker_order_id: match.makerOrderId,
    mode: match.mode,
    price: formatUnits(match.price),
    taker_quantity: formatUnits(match.takerQuantity),
    maker_quantity: formatUnits(match.makerQuantity),
    at: timeText(match.at),
  };
}

/** The prevented match of a row. */
export function preventedMatchOfRow(row: PreventedMatchRow): PreventedMatch {
  return {
    id: row.id,
    accountId: row.account_id,
    symbol: row.symbol,
    takerOrderId: row.taker_order_id,
    makerOrderId: row.maker_order_id,
    mode: row.mode,
    price: priceOfUnits(unitsOf(row.price)),
    takerQuantity: quantityOfUnits(unitsOf(row.taker_quantity)),
    makerQuantity: quantityOfUnits(unitsOf(row.maker_quantity)),
    at: timeOf(row.at),
  };
}
