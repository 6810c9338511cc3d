import type { AccountId, InstrumentSymbol } from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { moneyOfUnits } from '#shared/domain/money.ts';
import type { PresentWrite } from '#shared/store/present-write.ts';
import { Prisma, type PrismaClient } from '../__generated__/prisma/client.ts';
import type { Period } from '#shared/domain/period.ts';
import type { HousePosition, HouseSums } from '../domain/rfq/desk-book.ts';
import type { DeskPeriod, DeskTally, InventoryMoves } from '../domain/rfq/desk-rfq-statistics.ts';
import type { RfqStatisticsReads } from '../domain/rfq/read-rfq-statistics.ts';
import type { AcceptRejectReason } from '../domain/rfq/rfq-refusal.ts';
import type { MarketMove, RfqTally } from '../domain/rfq/rfq-statistics.ts';
import type { RfqOrigin, RfqStatus } from '../domain/rfq/rfq.ts';
import { unitsOf } from './stored-decimal.ts';

interface TallyRow {
  readonly symbol: InstrumentSymbol;
  readonly origin: RfqOrigin;
  readonly is_quoted: boolean;
  readonly is_accepted: boolean;
  readonly status: RfqStatus;
  readonly reject_reason: AcceptRejectReason | null;
  readonly move: number | null;
  readonly better: number | null;
  readonly requests: number;
  readonly improvement: string;
}

interface DeskTallyRow {
  readonly fills: number;
  readonly unmeasured: number;
  readonly quantity: string;
  readonly notional: string;
  readonly spread_captured: string;
}

interface MovesRow {
  readonly now: string;
  readonly bucket: number | null;
  readonly change: string | null;
}

interface SumsRow {
  readonly bought_quantity: string;
  readonly bought_notional: string;
  readonly sold_quantity: string;
  readonly sold_notional: string;
  readonly fees: string;
}

interface HouseRow {
  readonly symbol: InstrumentSymbol;
  readonly inventory: string;
  readonly received: string;
}

/** The sign of a price difference for the client of `rfqs r`: 1 if it bought, -1 if it sold. */
const FOR_CLIENT = Prisma.sql`CASE r.accepted_side WHEN 'BUY' THEN 1 ELSE -1 END`;

/**
 * The middle of the market from which a fill of `rfqs r` at the quote `rfq_quotes q` was priced: a last look that moved
 * the price moved it with the middle, and that is no spread.
 */
const FILLED_MID = Prisma.sql`CASE WHEN r.fill_price = r.accepted_price
  THEN (q.basis ->> 'midPrice')::numeric ELSE r.look_mid_price END`;

/** Statistics over many requests for quote, each added up by the database in one statement. */
export class RfqStatisticsQueries implements RfqStatisticsReads {
  readonly #prisma: PrismaClient;
  readonly #turns: PresentWrite;

  constructor(prisma: PrismaClient, turns: PresentWrite) {
    this.#prisma = prisma;
    this.#turns = turns;
  }

  async tallies(accountId: AccountId, { from, to }: Period): Promise<readonly RfqTally[]> {
    if (to !== null) await this.#turns.past();
    const conditions = Prisma.join(
      [
        Prisma.sql`r.account_id = ${accountId}`,
        ...(from === null ? [] : [Prisma.sql`r.created_at >= ${new Date(from)}`]),
        ...(to === null ? [] : [Prisma.sql`r.created_at < ${new Date(to)}`]),
      ],
      ' AND ',
    );
    const rows = await this.#prisma.$queryRaw<TallyRow[]>`
      SELECT r.symbol, r.origin, r.first_quoted_at IS NOT NULL AS is_quoted,
        r.accepted_at IS NOT NULL AS is_accepted, r.status::text AS status, r.reject_reason,
        CASE WHEN r.look_mid_price IS NOT NULL
          THEN sign(r.look_move_bps + coalesce(r.look_taken_bps, 0))::int END AS move,
        sign((r.accepted_price - r.fill_price) * ${FOR_CLIENT})::int AS better,
        count(*)::int AS requests,
        trunc(coalesce(sum((r.accepted_price - r.fill_price) * r.accepted_quantity * ${FOR_CLIENT}), 0), 18)::text
          AS improvement
      FROM rfqs r WHERE ${conditions} GROUP BY 1, 2, 3, 4, 5, 6, 7, 8`;
    return rows.map(tallyOfRow);
  }

  async deskTally({ symbol, from, to }: DeskPeriod): Promise<DeskTally> {
    await this.#turns.past();
    const [row] = await this.#prisma.$queryRaw<DeskTallyRow[]>`
      SELECT count(*)::int AS fills,
        count(*) FILTER (WHERE q.basis ->> 'midPrice' IS NULL)::int AS unmeasured,
        coalesce(sum(r.accepted_quantity), 0)::text AS quantity,
        trunc(coalesce(sum(r.fill_price * r.accepted_quantity), 0), 18)::text AS notional,
        trunc(coalesce(sum((r.fill_price - ${FILLED_MID})
          * r.accepted_quantity * ${FOR_CLIENT}), 0), 18)::text AS spread_captured
      FROM rfqs r JOIN rfq_quotes q ON q.id = r.quote_id
      WHERE r.symbol = ${symbol} AND r.status = 'FILLED'
        AND r.closed_at >= ${new Date(from)} AND r.closed_at < ${new Date(to)}`;
    invariant(row !== undefined, 'a count had no row');
    const { fills, unmeasured } = row;
    return {
      fills,
      unmeasured,
      quantity: unitsOf(row.quantity),
      notional: moneyOfUnits(unitsOf(row.notional)),
      spreadCaptured: moneyOfUnits(unitsOf(row.spread_captured)),
    };
  }

  /** Positions and fills are read in one statement, and so at one moment. */
  async inventoryMoves({ symbol, from, to, bucketMs }: DeskPeriod): Promise<InventoryMoves> {
    await this.#turns.past();
    const start = new Date(from);
    const behindLast = Math.ceil((to - from) / bucketMs);
    const rows = await this.#prisma.$queryRaw<MovesRow[]>`
      WITH moved AS (
        SELECT CASE WHEN f.executed_at >= ${new Date(to)} THEN ${behindLast}::int
            ELSE floor(extract(epoch FROM f.executed_at - ${start}) * 1000 / ${bucketMs}::int)::int
          END AS bucket,
          sum(CASE f.side WHEN 'SELL' THEN f.quantity ELSE -f.quantity END) AS change
        FROM fills f WHERE f.symbol = ${symbol} AND f.executed_at >= ${start} GROUP BY 1
      ), held AS (
        SELECT -coalesce(sum(p.net_quantity), 0) AS now FROM positions p WHERE p.symbol = ${symbol}
      )
      SELECT held.now::text AS now, moved.bucket, moved.change::text AS change
      FROM held LEFT JOIN moved ON true`;
    return {
      now: unitsOf(rows[0]?.now ?? null),
      changes: rows.flatMap(({ bucket, change }) =>
        bucket === null ? [] : [{ bucket, change: unitsOf(change) }],
      ),
    };
  }

  /** The house's side of a trade has no fill, so that its trades are those with one. Both fills of a trade have one time. */
  async houseSums({ symbol, from, to }: DeskPeriod): Promise<HouseSums> {
    await this.#turns.past();
    const [row] = await this.#prisma.$queryRaw<SumsRow[]>`
      WITH traded AS (
        SELECT count(*) AS fills, min(side::text) AS client_side, min(quantity) AS quantity,
          min(quote_quantity) AS notional, sum(fee) AS fee
        FROM fills
        WHERE symbol = ${symbol} AND executed_at >= ${new Date(from)} AND executed_at < ${new Date(to)}
        GROUP BY trade_id
      ), house AS (SELECT * FROM traded WHERE fills = 1)
      SELECT (SELECT coalesce(sum(fee), 0)::text FROM traded) AS fees,
        coalesce(sum(quantity) FILTER (WHERE client_side = 'SELL'), 0)::text AS bought_quantity,
        coalesce(sum(notional) FILTER (WHERE client_side = 'SELL'), 0)::text AS bought_notional,
        coalesce(sum(quantity) FILTER (WHERE client_side = 'BUY'), 0)::text AS sold_quantity,
        coalesce(sum(notional) FILTER (WHERE client_side = 'BUY'), 0)::text AS sold_notional
      FROM house`;
    invariant(row !== undefined, 'a sum had no row');
    return {
      boughtQuantity: unitsOf(row.bought_quantity),
      boughtNotional: moneyOfUnits(unitsOf(row.bought_notional)),
      soldQuantity: unitsOf(row.sold_quantity),
      soldNotional: moneyOfUnits(unitsOf(row.sold_notional)),
      fees: moneyOfUnits(unitsOf(row.fees)),
    };
  }

  /** Where clients trade with each other, what one has the other lacks, so that all of them together face the house. */
  async housePositions(): Promise<readonly HousePosition[]> {
    const rows = await this.#prisma.$queryRaw<HouseRow[]>`
      SELECT symbol, (-sum(net_quantity))::text AS inventory,
        sum(sign(net_quantity) * entry_cost - realized_pnl)::text AS received
      FROM positions GROUP BY symbol ORDER BY symbol`;
    return rows.map(({ symbol, inventory, received }) => ({
      symbol,
      inventory: unitsOf(inventory),
      received: moneyOfUnits(unitsOf(received)),
    }));
  }
}

function tallyOfRow(row: TallyRow): RfqTally {
  return {
    symbol: row.symbol,
    origin: row.origin,
    isQuoted: row.is_quoted,
    isAccepted: row.is_accepted,
    status: row.status,
    rejectReason: row.reject_reason,
    move: moveOf(row.move),
    fill: row.better === null ? null : fillOf(row.better),
    requests: row.requests,
    improvement: moneyOfUnits(unitsOf(row.improvement)),
  };
}

function moveOf(sign: number | null): MarketMove | null {
  if (sign === null || sign === 0) return sign === null ? null : 'NONE';
  return sign < 0 ? 'FOR_CLIENT' : 'AGAINST_CLIENT';
}

function fillOf(better: number): RfqTally['fill'] {
  if (better === 0) return 'AS_QUOTED';
  return better > 0 ? 'BETTER' : 'WORSE';
}
