import { toTimestamp } from '#shared/domain/clock.ts';
import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import { moneyOfUnits } from '#shared/domain/money.ts';
import { quantityOfUnits } from '#shared/domain/quantity.ts';
import type { PrismaClient } from '../__generated__/prisma/client.ts';
import {
  type InstrumentStatement,
  MAX_STATEMENT_FILLS,
  type TradingStatementKey,
  type TradingStatementOutcome,
} from '../domain/trading-statement.ts';
import { unitsOf } from './stored-decimal.ts';

interface Sums {
  readonly symbol: InstrumentSymbol;
  readonly fill_count: number;
  readonly bought_quantity: string;
  readonly sold_quantity: string;
  readonly bought_notional: string;
  readonly sold_notional: string;
  readonly maker_volume: string;
  readonly fees: string;
}

/** A statement without fills has one row without an instrument; a statement that is too long has no rows. */
type Row = { readonly place: number } & (Sums | { readonly symbol: null });

/**
 * Reads the statements of one request, in the order of their keys, in one SQL statement. It first counts fills key by
 * key, up to the limit, and then adds up the fills of the keys within it.
 */
export async function readTradingStatements(
  prisma: PrismaClient,
  keys: readonly TradingStatementKey[],
): Promise<readonly TradingStatementOutcome[]> {
  const asked = keys.map(({ accountId, period: { from, to } }, place) => ({
    place,
    account_id: accountId,
    since: from === null ? '-infinity' : toTimestamp(from),
    until: to === null ? 'infinity' : toTimestamp(to),
  }));
  const rows = await prisma.$queryRaw<Row[]>`
    WITH RECURSIVE asked AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(asked)}::jsonb)
        AS r(place int, account_id text, since timestamptz, until timestamptz)
    ), counted AS (
      SELECT -1 AS place, 0::bigint AS fills
      UNION ALL
      SELECT a.place, c.fills + few.fills
      FROM counted c JOIN asked a ON a.place = c.place + 1
      CROSS JOIN LATERAL (
        SELECT count(*) AS fills FROM (
          SELECT FROM fills f
          WHERE f.account_id = a.account_id AND f.executed_at >= a.since AND f.executed_at < a.until
          LIMIT greatest(0, ${MAX_STATEMENT_FILLS}::bigint + 1 - c.fills)
        ) first
      ) few
    )
    SELECT a.place, s.*
    FROM counted c JOIN asked a ON a.place = c.place
    LEFT JOIN LATERAL (
      SELECT f.symbol, count(*)::int AS fill_count,
        coalesce(sum(f.quantity) FILTER (WHERE f.side = 'BUY'), 0)::text AS bought_quantity,
        coalesce(sum(f.quantity) FILTER (WHERE f.side = 'SELL'), 0)::text AS sold_quantity,
        coalesce(sum(f.quote_quantity) FILTER (WHERE f.side = 'BUY'), 0)::text AS bought_notional,
        coalesce(sum(f.quote_quantity) FILTER (WHERE f.side = 'SELL'), 0)::text AS sold_notional,
        coalesce(sum(f.quote_quantity) FILTER (WHERE f.liquidity_side = 'MAKER'), 0)::text AS maker_volume,
        sum(f.fee)::text AS fees
      FROM fills f
      WHERE f.account_id = a.account_id AND f.executed_at >= a.since AND f.executed_at < a.until
      GROUP BY f.symbol
    ) s ON true
    WHERE c.fills <= ${MAX_STATEMENT_FILLS}::bigint
    ORDER BY a.place, s.symbol`;
  return keys.map((_, place) => {
    const ofKey = rows.filter((row) => row.place === place);
    if (ofKey.length === 0) return { kind: 'tooLong' };
    const instruments = ofKey.flatMap((row) => (row.symbol === null ? [] : statementOf(row)));
    return { kind: 'statement', instruments };
  });
}

function statementOf(row: Sums): InstrumentStatement {
  const money = (text: string) => moneyOfUnits(unitsOf(text));
  return {
    symbol: row.symbol,
    fillCount: row.fill_count,
    boughtQuantity: quantityOfUnits(unitsOf(row.bought_quantity)),
    soldQuantity: quantityOfUnits(unitsOf(row.sold_quantity)),
    boughtNotional: money(row.bought_notional),
    soldNotional: money(row.sold_notional),
    makerVolume: money(row.maker_volume),
    fees: money(row.fees),
  };
}
