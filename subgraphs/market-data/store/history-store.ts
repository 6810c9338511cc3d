import { randomUUID } from 'node:crypto';
import type { Catalog } from '../domain/catalog/catalog.ts';
import type { Candle } from '../domain/candles/candle.ts';
import { KEPT_MINUTES } from '../domain/candles/candle-series.ts';
import type {
  CandleRange,
  HistoryBatch,
  HistoryReads,
  HistoryWrites,
  StoredCounts,
  TimedTradeRange,
  TradeRange,
} from '../domain/history.ts';
import { KEPT_TRADES, type MarketHistory } from '../domain/market-state.ts';
import type { MarketTrade } from '../domain/trade.ts';
import { Prisma } from '../__generated__/prisma/client.ts';
import {
  candleOf,
  candleRecord,
  type StoredCandle,
  tradeOf,
  tradeRecord,
  type StoredTrade,
} from './history-rows.ts';
import { pruneHistory } from './history-pruning.ts';
import type { MarketDataClient } from './market-data-client.ts';

/** What the writer's row is named; one process writes all history. */
const WRITER_NAME = 'history';
/** A process that has not written for this long may be replaced; the database's clock alone counts. */
const WRITES_FOR_SECONDS = 3;
/** None writes for this long: the clock was set back, and one that is gone would keep others away until then. */
const IMPOSSIBLE_SECONDS = 2 * WRITES_FOR_SECONDS;

/** A late trade may belong to the one before the newest. */
const KEPT_OF_EACH = 2;

/** A candle with losses replaces a complete one only if that was built from no more trades. */
const IS_WORSE = Prisma.sql`(c.closed AND c.loss_reason IS NULL AND EXCLUDED.loss_reason IS NOT NULL
  AND (c.source <> 'TRADES' OR EXCLUDED.trade_count < c.trade_count))`;

const CANDLE_COLUMNS = Prisma.sql`c.symbol, c.interval::text, c.open_time, c.open::text,
  c.high::text, c.low::text, c.close::text, c.volume::text, c.quote_volume::text, c.trade_count,
  c.taker_buy_volume::text, c.closed, c.revision, c.source::text, c.gap_from, c.gap_reason::text,
  c.loss_reason::text`;
const TRADE_COLUMNS = Prisma.sql`t.symbol, t.sequence, t.trade_id, t.price::text,
  t.quantity::text, t.aggressor_side::text, t.exchange_time, t.received_time`;

interface Ordinal {
  /** Which range the row answers. */
  readonly ordinal: number;
}

/** Trades and candles in PostgreSQL; a read is one statement however many ranges it answers. */
export class HistoryStore implements HistoryReads, HistoryWrites {
  readonly #client: MarketDataClient;
  readonly #owner = randomUUID();

  constructor(client: MarketDataClient) {
    this.#client = client;
  }

  async candles(ranges: readonly CandleRange[]): Promise<readonly (readonly Candle[])[]> {
    const numbered = ranges.map((range, ordinal) => ({ ...range, ordinal }));
    const rows = await Promise.all(
      (['oldestFirst', 'newestFirst'] as const).map((order) =>
        this.#candles(numbered.filter((range) => range.order === order)),
      ),
    );
    return groupByOrdinal(rows.flat(), ranges.length, candleOf);
  }

  async trades(ranges: readonly TradeRange[]): Promise<readonly (readonly MarketTrade[])[]> {
    const keys = ranges.map(({ symbol, before, limit }, ordinal) => ({
      ordinal,
      symbol,
      before: before === Infinity ? null : before,
      row_limit: limit,
    }));
    const rows = await this.#client.$queryRaw<(StoredTrade & Ordinal)[]>`
      SELECT k.ordinal, ${TRADE_COLUMNS}
      FROM jsonb_to_recordset(${JSON.stringify(keys)}::jsonb)
        AS k(ordinal int, symbol text, before bigint, row_limit int)
      CROSS JOIN LATERAL (
        SELECT * FROM trades WHERE symbol = k.symbol AND (k.before IS NULL OR sequence < k.before)
        ORDER BY sequence DESC LIMIT k.row_limit
      ) t
      ORDER BY k.ordinal, t.sequence DESC`;
    return groupByOrdinal(rows, ranges.length, tradeOf);
  }

  async timedTrades(
    ranges: readonly TimedTradeRange[],
  ): Promise<readonly (readonly MarketTrade[])[]> {
    const keys = ranges.map(({ symbol, period, after, limit }, ordinal) => ({
      ordinal,
      symbol,
      from_time: timestampOf(period.from ?? -Infinity),
      to_time: timestampOf(period.to ?? Infinity),
      // Without an OR, which no index could answer.
      before_time: timestampOf(after?.exchangeTimeMs ?? Infinity),
      before: after?.sequence ?? 0,
      row_limit: limit,
    }));
    const rows = await this.#client.$queryRaw<(StoredTrade & Ordinal)[]>`
      SELECT k.ordinal, ${TRADE_COLUMNS}
      FROM jsonb_to_recordset(${JSON.stringify(keys)}::jsonb) AS k(ordinal int, symbol text,
        from_time timestamptz, to_time timestamptz, before_time timestamptz, before bigint, row_limit int)
      CROSS JOIN LATERAL (
        SELECT * FROM trades
        WHERE symbol = k.symbol AND exchange_time >= k.from_time AND exchange_time < k.to_time
          AND (exchange_time, sequence) < (k.before_time, k.before)
        ORDER BY exchange_time DESC, sequence DESC LIMIT k.row_limit
      ) t
      ORDER BY k.ordinal, t.exchange_time DESC, t.sequence DESC`;
    return groupByOrdinal(rows, ranges.length, tradeOf);
  }

  /** How far the trades of each instrument are counted in the store. */
  async tradeCounts(): Promise<StoredCounts> {
    const rows = await this.#client.$queryRaw<{ symbol: string; sequence: bigint }[]>`
      SELECT i.symbol, newest.sequence FROM instruments i
      CROSS JOIN LATERAL (
        SELECT sequence FROM trades WHERE symbol = i.symbol ORDER BY sequence DESC LIMIT 1
      ) newest`;
    return new Map(rows.map(({ symbol, sequence }) => [symbol, Number(sequence)]));
  }

  /** What was known of each instrument when the last process ended. */
  async load(catalog: Catalog): Promise<ReadonlyMap<string, MarketHistory>> {
    const symbols = [...catalog.instruments.values()].map(({ symbol }) => symbol);
    const [trades, candles] = await Promise.all([
      this.trades(symbols.map((symbol) => ({ symbol, before: Infinity, limit: KEPT_TRADES }))),
      this.#newestCandles(),
    ]);
    return new Map(
      symbols.map((symbol, index): [string, MarketHistory] => [
        symbol,
        {
          trades: [...(trades[index] ?? [])].reverse(),
          candles: candles.filter((candle) => candle.symbol === symbol),
        },
      ]),
    );
  }

  /** A gap is written with its candle; what an import has made of it since is known here alone. */
  async write({ trades, candles }: HistoryBatch): Promise<boolean> {
    const tradeJson = JSON.stringify(trades.map(tradeRecord));
    const candleJson = JSON.stringify(candles.map(candleRecord));
    const isWriter = Prisma.sql`EXISTS (
      SELECT FROM history_writers WHERE name = ${WRITER_NAME} AND owner = ${this.#owner})`;
    const [claimed] = await this.#client.$transaction([
      this.#claim(),
      this.#client.$executeRaw`
        INSERT INTO trades SELECT * FROM jsonb_populate_recordset(NULL::trades, ${tradeJson}::jsonb)
        WHERE ${isWriter}
        ON CONFLICT DO NOTHING`,
      this.#client.$executeRaw`
        INSERT INTO candles AS c
        SELECT * FROM jsonb_populate_recordset(NULL::candles, ${candleJson}::jsonb)
        WHERE ${isWriter}
        ON CONFLICT (symbol, interval, open_time) DO UPDATE SET
          open = EXCLUDED.open, high = EXCLUDED.high, low = EXCLUDED.low, close = EXCLUDED.close,
          volume = EXCLUDED.volume, quote_volume = EXCLUDED.quote_volume,
          trade_count = EXCLUDED.trade_count, taker_buy_volume = EXCLUDED.taker_buy_volume,
          closed = EXCLUDED.closed, revision = EXCLUDED.revision, source = EXCLUDED.source,
          loss_reason = EXCLUDED.loss_reason
        WHERE NOT ${IS_WORSE}`,
    ]);
    return claimed.length > 0;
  }

  prune(stopping: AbortSignal): Promise<void> {
    return pruneHistory(this.#client, stopping);
  }

  /** Lets another process write at once: a millisecond ago, since the column rounds and now could be half of one ahead. */
  async release(): Promise<void> {
    await this.#client.$executeRaw`
      UPDATE history_writers SET expires_at = now() - interval '1 ms'
      WHERE name = ${WRITER_NAME} AND owner = ${this.#owner}`;
  }

  /** Makes this process the one that writes, or keeps it so; nobody else does until the transaction ends. */
  #claim() {
    return this.#client.$queryRaw<{ readonly name: string }[]>`
      INSERT INTO history_writers AS w (name, owner, expires_at)
      VALUES (${WRITER_NAME}, ${this.#owner}, now() + make_interval(secs => ${WRITES_FOR_SECONDS}))
      ON CONFLICT (name) DO UPDATE SET owner = EXCLUDED.owner, expires_at = EXCLUDED.expires_at
      WHERE w.owner = EXCLUDED.owner OR w.expires_at <= now()
        OR w.expires_at > now() + make_interval(secs => ${IMPOSSIBLE_SECONDS})
      RETURNING name`;
  }

  async #candles(
    ranges: readonly (CandleRange & Ordinal)[],
  ): Promise<readonly (StoredCandle & Ordinal)[]> {
    const [first] = ranges;
    if (first === undefined) return [];
    const keys = ranges.map(({ ordinal, symbol, interval, fromMs, toMs, limit }) => ({
      ordinal,
      symbol,
      interval,
      from_time: timestampOf(fromMs),
      to_time: timestampOf(toMs),
      row_limit: limit,
    }));
    const direction = first.order === 'oldestFirst' ? Prisma.sql`ASC` : Prisma.sql`DESC`;
    return this.#client.$queryRaw<(StoredCandle & Ordinal)[]>`
      SELECT k.ordinal, ${CANDLE_COLUMNS}
      FROM jsonb_to_recordset(${JSON.stringify(keys)}::jsonb) AS k(ordinal int, symbol text,
        interval candle_interval, from_time timestamptz, to_time timestamptz, row_limit int)
      CROSS JOIN LATERAL (
        SELECT * FROM candles
        WHERE symbol = k.symbol AND interval = k.interval
          AND open_time >= k.from_time AND open_time < k.to_time
        ORDER BY open_time ${direction} LIMIT k.row_limit
      ) c
      ORDER BY k.ordinal, c.open_time ${direction}`;
  }

  async #newestCandles(): Promise<Candle[]> {
    const rows = await this.#client.$queryRaw<StoredCandle[]>`
      SELECT ${CANDLE_COLUMNS}
      FROM instruments i
      CROSS JOIN unnest(enum_range(NULL::candle_interval)) AS k(interval)
      CROSS JOIN LATERAL (
        SELECT * FROM candles WHERE symbol = i.symbol AND interval = k.interval
        ORDER BY open_time DESC
        LIMIT CASE WHEN k.interval = 'ONE_MINUTE' THEN ${KEPT_MINUTES}::int ELSE ${KEPT_OF_EACH}::int END
      ) c
      ORDER BY c.open_time`;
    return rows.map(candleOf);
  }
}

function timestampOf(atMs: number): string {
  if (atMs === Infinity || atMs === -Infinity) return atMs > 0 ? 'infinity' : '-infinity';
  return new Date(atMs).toISOString();
}

function groupByOrdinal<Row extends Ordinal, Value>(
  rows: readonly Row[],
  count: number,
  valueOf: (row: Row) => Value,
): readonly (readonly Value[])[] {
  const groups = Array.from({ length: count }, (): Value[] => []);
  for (const row of rows) groups[row.ordinal]?.push(valueOf(row));
  return groups;
}
