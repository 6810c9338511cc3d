import { type CandleInterval, CANDLE_INTERVALS, INTERVAL_MS } from '../domain/candles/candle.ts';
import type {
  CandleImports,
  CandleRow,
  ImportCounts,
  ImportTarget,
} from '../domain/candles/candle-imports.ts';
import { Prisma } from '../__generated__/prisma/client.ts';
import type { MarketDataClient } from './market-data-client.ts';
import { ROLLED_UP_COUNT, ROLLED_UP_PRICES } from './rolled-up-prices.ts';

/** A Monday: every interval has a beginning there. */
const GRID = Prisma.sql`timestamptz '1970-01-05T00:00:00Z'`;

const COLUMNS = Prisma.sql`symbol, interval, open_time, open, high, low, close, volume,
  quote_volume, trade_count, taker_buy_volume, closed, revision, source, loss_reason`;

interface CountRow {
  readonly added: number;
  readonly changed: number;
}

/** Candles of files in PostgreSQL. */
export class CandleImportStore implements CandleImports {
  readonly #client: MarketDataClient;

  constructor(client: MarketDataClient) {
    this.#client = client;
  }

  async progressOf({ digest, symbol, interval }: ImportTarget): Promise<number> {
    const known = await this.#client.candleImport.findUnique({
      where: { digest_symbol_interval: { digest, symbol, interval } },
    });
    return known?.rowsDone ?? 0;
  }

  async write(target: ImportTarget, rows: readonly CandleRow[]): Promise<ImportCounts> {
    const statement = upsert(selectRows(target, rows), 'IMPORTED');
    return countsOf(await this.#client.$queryRaw<CountRow[]>(statement));
  }

  async noteProgress(target: ImportTarget, rowsDone: number): Promise<void> {
    const { digest, symbol, interval } = target;
    await this.#client.candleImport.upsert({
      where: { digest_symbol_interval: { digest, symbol, interval } },
      create: { digest, symbol, interval, rowsDone },
      update: { rowsDone },
    });
  }

  async markGaps({ symbol, interval }: ImportTarget, fromMs: number, toMs: number): Promise<void> {
    const length = lengthOf(interval);
    const [from, to] = [new Date(fromMs), new Date(toMs)];
    await this.#client.$executeRaw`
      WITH near AS (
        SELECT open_time, gap_from,
          lag(open_time) OVER (ORDER BY open_time) + ${length}::interval AS expected
        FROM candles
        WHERE symbol = ${symbol} AND interval = ${interval}::candle_interval
          AND open_time >= coalesce((
            SELECT max(open_time) FROM candles WHERE symbol = ${symbol}
              AND interval = ${interval}::candle_interval AND open_time < ${from}), ${from})
          AND open_time <= coalesce((
            SELECT min(open_time) FROM candles WHERE symbol = ${symbol}
              AND interval = ${interval}::candle_interval AND open_time > ${to}), ${to})
      ), wrong AS MATERIALIZED (
        SELECT open_time, CASE WHEN expected < open_time THEN expected END AS gap_from
        FROM near
        WHERE expected IS NOT NULL
          AND gap_from IS DISTINCT FROM CASE WHEN expected < open_time THEN expected END
      )
      UPDATE candles c
      SET gap_from = w.gap_from,
        gap_reason = CASE WHEN w.gap_from IS NOT NULL
          THEN coalesce(c.gap_reason, 'NOT_IMPORTED') END
      FROM wrong w
      WHERE c.symbol = ${symbol} AND c.interval = ${interval}::candle_interval
        AND c.open_time = w.open_time`;
  }

  async rollUp(target: ImportTarget, fromMs: number, toMs: number): Promise<ImportCounts> {
    let [added, changed, shorter] = [0, 0, target];
    // Each interval is whole in the next longer one, so that few rows are read often.
    for (const longer of CANDLE_INTERVALS) {
      if (INTERVAL_MS[longer] <= INTERVAL_MS[target.interval]) continue;
      const statement = upsert(selectSums(shorter, longer, fromMs, toMs), 'ROLLED_UP');
      const counts = countsOf(await this.#client.$queryRaw<CountRow[]>(statement));
      shorter = { ...target, interval: longer };
      await this.markGaps(shorter, fromMs, toMs);
      added += counts.added;
      changed += counts.changed;
    }
    return { added, changed };
  }
}

function countsOf(rows: readonly CountRow[]): ImportCounts {
  const [{ added, changed } = { added: 0, changed: 0 }] = rows;
  return { added, changed };
}

/**
 * Candles built from trades without a loss are better than those of a file, and a file's own
 * candles better than those rolled up from shorter ones.
 */
function upsert(rows: Prisma.Sql, source: 'IMPORTED' | 'ROLLED_UP'): Prisma.Sql {
  const weaker =
    source === 'IMPORTED' ? Prisma.sql`c.source <> 'TRADES'` : Prisma.sql`c.source = 'ROLLED_UP'`;
  return Prisma.sql`
    WITH written AS (
      INSERT INTO candles AS c (${COLUMNS}) ${rows}
      ON CONFLICT (symbol, interval, open_time) DO UPDATE SET
        open = EXCLUDED.open, high = EXCLUDED.high, low = EXCLUDED.low, close = EXCLUDED.close,
        volume = EXCLUDED.volume, quote_volume = EXCLUDED.quote_volume,
        trade_count = EXCLUDED.trade_count, taker_buy_volume = EXCLUDED.taker_buy_volume,
        closed = EXCLUDED.closed, revision = c.revision + 1, source = EXCLUDED.source,
        loss_reason = EXCLUDED.loss_reason
      WHERE (${weaker} OR (c.source = 'TRADES' AND c.loss_reason IS NOT NULL AND c.closed))
        AND (c.open, c.high, c.low, c.close, c.volume, c.quote_volume, c.trade_count,
            c.taker_buy_volume, c.closed, c.source, c.loss_reason)
          IS DISTINCT FROM (EXCLUDED.open, EXCLUDED.high, EXCLUDED.low, EXCLUDED.close,
            EXCLUDED.volume, EXCLUDED.quote_volume, EXCLUDED.trade_count,
            EXCLUDED.taker_buy_volume, EXCLUDED.closed, EXCLUDED.source, EXCLUDED.loss_reason)
      RETURNING xmax = 0 AS is_new
    )
    SELECT count(*) FILTER (WHERE is_new)::int AS added,
      count(*) FILTER (WHERE NOT is_new)::int AS changed
    FROM written`;
}

/** Columns travel as literals of arrays: digits and points need no care, and nothing is quoted. */
function selectRows({ symbol, interval }: ImportTarget, rows: readonly CandleRow[]): Prisma.Sql {
  const column = (name: keyof CandleRow) => `{${rows.map((row) => row[name]).join()}}`;
  const decimals = (name: keyof CandleRow) => Prisma.sql`${column(name)}::numeric[]`;
  return Prisma.sql`
    SELECT ${symbol}, ${interval}::candle_interval, to_timestamp(r.open_ms / 1000.0), r.open, r.high,
      r.low, r.close, r.volume, r.quote_volume, r.trade_count, r.taker_buy_volume,
      ${isOver(Prisma.sql`to_timestamp(r.open_ms / 1000.0)`, interval)}, 1,
      'IMPORTED'::candle_source, NULL::candle_gap_reason
    FROM unnest(${column('openTimeMs')}::bigint[], ${decimals('open')}, ${decimals('high')},
      ${decimals('low')}, ${decimals('close')}, ${decimals('volume')}, ${decimals('quoteVolume')},
      ${column('tradeCount')}::int[], ${decimals('takerBuyVolume')})
      AS r(open_ms, open, high, low, close, volume, quote_volume, trade_count, taker_buy_volume)`;
}

function selectSums(
  { symbol, interval }: ImportTarget,
  longer: CandleInterval,
  fromMs: number,
  toMs: number,
): Prisma.Sql {
  const length = lengthOf(longer);
  const placeOf = (time: Prisma.Sql) => Prisma.sql`date_bin(${length}::interval, ${time}, ${GRID})`;
  const parts = INTERVAL_MS[longer] / INTERVAL_MS[interval];
  return Prisma.sql`
    SELECT symbol, ${longer}::candle_interval, place, ${ROLLED_UP_PRICES}, sum(volume),
      sum(quote_volume), ${ROLLED_UP_COUNT}, sum(taker_buy_volume),
      ${isOver(Prisma.sql`place`, longer)}, 1,
      'ROLLED_UP'::candle_source,
      coalesce(min(loss_reason),
        CASE WHEN count(*) < ${parts} THEN 'NOT_IMPORTED'::candle_gap_reason END)
    FROM (
      SELECT *, ${placeOf(Prisma.sql`open_time`)} AS place FROM candles
      WHERE symbol = ${symbol} AND interval = ${interval}::candle_interval AND closed
        AND open_time >= ${placeOf(Prisma.sql`${new Date(fromMs)}`)}
        AND open_time < ${placeOf(Prisma.sql`${new Date(toMs)}`)} + ${length}::interval
    ) shorter
    GROUP BY symbol, place`;
}

/** A file may end within a period that is not over: then its candle is not closed either. */
function isOver(openTime: Prisma.Sql, interval: CandleInterval): Prisma.Sql {
  return Prisma.sql`${openTime} + ${lengthOf(interval)}::interval <= now()`;
}

/** In words of SQL. */
function lengthOf(interval: CandleInterval): string {
  return `${INTERVAL_MS[interval]} milliseconds`;
}
