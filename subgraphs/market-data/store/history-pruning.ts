import { Prisma } from '../__generated__/prisma/client.ts';
import type { MarketDataClient } from './market-data-client.ts';
import { ROLLED_UP_COUNT, ROLLED_UP_PRICES } from './rolled-up-prices.ts';

/** Trades kept of each instrument. */
const STORED_TRADES = 100_000;
/** One-second candles are kept for this long; all others forever. */
const ONE_SECOND_CANDLES_KEPT = Prisma.sql`interval '1 day'`;
/** What one statement removes of each instrument, so that none takes long, however much there is. */
const TRADES_AT_ONCE = 2000;
const CANDLES_AT_ONCE = Prisma.sql`interval '30 minutes'`;
const SECONDS_OF_MINUTE = 60;
/** What is left after this many statements is the next turn's. */
const MAX_STATEMENTS = 200;

/** Removes trades and one-second candles that are older than is kept, in small steps, until `stopping` aborts. */
export async function pruneHistory(client: MarketDataClient, stopping: AbortSignal): Promise<void> {
  for (const prune of [pruneTrades, pruneSeconds])
    for (let count = 1, step = 0; count > 0 && step < MAX_STATEMENTS; step += 1) {
      if (stopping.aborted) return;
      count = await prune(client);
    }
}

function pruneTrades(client: MarketDataClient): Promise<number> {
  return client.$executeRaw`
    DELETE FROM trades t
    USING instruments i,
      LATERAL (SELECT max(sequence) AS sequence FROM trades WHERE symbol = i.symbol) newest,
      LATERAL (
        SELECT sequence FROM trades
        WHERE symbol = i.symbol AND sequence <= newest.sequence - ${STORED_TRADES}
        ORDER BY sequence LIMIT ${TRADES_AT_ONCE}
      ) old
    WHERE t.symbol = i.symbol AND t.sequence = old.sequence`;
}

/**
 * Whole minutes go, and each is kept as a candle of its own; almost always that was built from the
 * trades themselves. One that lacks seconds says so, and gives way to one that lacks fewer.
 */
async function pruneSeconds(client: MarketDataClient): Promise<number> {
  const [{ count } = { count: 0 }] = await client.$queryRaw<{ readonly count: number }[]>`
    WITH old AS MATERIALIZED (
      SELECT i.symbol, least(
        date_trunc('minute', ends.newest - ${ONE_SECOND_CANDLES_KEPT}),
        date_trunc('minute', ends.oldest) + ${CANDLES_AT_ONCE}) AS border
      FROM instruments i
      CROSS JOIN LATERAL (
        SELECT min(open_time) AS oldest, max(open_time) AS newest FROM candles
        WHERE symbol = i.symbol AND interval = 'ONE_SECOND'
      ) ends
    ), gone AS (
      DELETE FROM candles c USING old
      WHERE c.symbol = old.symbol AND c.interval = 'ONE_SECOND' AND c.open_time < old.border
      RETURNING c.*
    ), kept AS (
      INSERT INTO candles AS m (symbol, interval, open_time, open, high, low, close, volume,
        quote_volume, trade_count, taker_buy_volume, closed, revision, source, loss_reason)
      SELECT c.symbol, 'ONE_MINUTE', date_trunc('minute', c.open_time),
        ${ROLLED_UP_PRICES}, sum(c.volume), sum(c.quote_volume),
        ${ROLLED_UP_COUNT}, sum(c.taker_buy_volume), true, 1, 'ROLLED_UP',
        coalesce(min(c.loss_reason),
          CASE WHEN count(*) < ${SECONDS_OF_MINUTE} THEN 'NOT_IMPORTED'::candle_gap_reason END)
      FROM gone c
      GROUP BY c.symbol, date_trunc('minute', c.open_time)
      ON CONFLICT (symbol, interval, open_time) DO UPDATE SET
        open = EXCLUDED.open, high = EXCLUDED.high, low = EXCLUDED.low, close = EXCLUDED.close,
        volume = EXCLUDED.volume, quote_volume = EXCLUDED.quote_volume,
        trade_count = EXCLUDED.trade_count, taker_buy_volume = EXCLUDED.taker_buy_volume,
        revision = m.revision + 1, loss_reason = EXCLUDED.loss_reason
      WHERE m.source = 'ROLLED_UP' AND m.loss_reason IS NOT NULL
        AND (EXCLUDED.loss_reason IS NULL OR EXCLUDED.volume > m.volume)
    )
    SELECT count(*)::int AS count FROM gone`;
  return count;
}
