import type { Catalog } from '../domain/catalog.ts';
import type { Candle } from '../domain/candle.ts';
import { KEPT_MINUTES } from '../domain/candle-series.ts';
import type {
  CandleRange,
  HistoryBatch,
  HistoryReads,
  HistoryWrites,
  TradeRange,
} from '../domain/history.ts';
import { KEPT_TRADES, type MarketHistory } from '../domain/market-state.ts';
import type { MarketTrade } from '../domain/trade.ts';
import { Prisma } from '../__generated__/prisma/client.ts';
import {
  candleOf,
  candleRecord,
  type CandleRow,
  tradeOf,
  tradeRecord,
  type TradeRow,
} from './history-rows.ts';
import type { MarketDataClient } from './market-data-client.ts';

/** Trades kept of each instrument. */
const STORED_TRADES = 100_000;
/** One-second candles are kept for so long; all others for ever. */
const ONE_SECOND_CANDLES_KEPT = '1 day';

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
    const rows = await this.#client.$queryRaw<(TradeRow & Ordinal)[]>`
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

  async write({ trades, candles }: HistoryBatch): Promise<void> {
    const tradeJson = JSON.stringify(trades.map(tradeRecord));
    const candleJson = JSON.stringify(candles.map(candleRecord));
    await this.#client.$transaction([
      this.#client.$executeRaw`
        INSERT INTO trades SELECT * FROM jsonb_populate_recordset(NULL::trades, ${tradeJson}::jsonb)
        ON CONFLICT DO NOTHING`,
      this.#client.$executeRaw`
        INSERT INTO candles SELECT * FROM jsonb_populate_recordset(NULL::candles, ${candleJson}::jsonb)
        ON CONFLICT (symbol, interval, open_time) DO UPDATE SET
          open = EXCLUDED.open, high = EXCLUDED.high, low = EXCLUDED.low, close = EXCLUDED.close,
          volume = EXCLUDED.volume, quote_volume = EXCLUDED.quote_volume,
          trade_count = EXCLUDED.trade_count, taker_buy_volume = EXCLUDED.taker_buy_volume,
          closed = EXCLUDED.closed, revision = EXCLUDED.revision, source = EXCLUDED.source,
          gap_from = EXCLUDED.gap_from, gap_reason = EXCLUDED.gap_reason,
          loss_reason = EXCLUDED.loss_reason`,
    ]);
  }

  async prune(): Promise<void> {
    await this.#client.$executeRaw`
      DELETE FROM trades t
      USING instruments i,
        LATERAL (SELECT max(sequence) AS sequence FROM trades WHERE symbol = i.symbol) newest
      WHERE t.symbol = i.symbol AND t.sequence <= newest.sequence - ${STORED_TRADES}`;
    await this.#keepMinutes();
    await this.#client.$executeRaw`
      DELETE FROM candles c
      USING instruments i,
        LATERAL (
          SELECT max(open_time) AS open_time FROM candles
          WHERE symbol = i.symbol AND interval = 'ONE_SECOND'
        ) newest
      WHERE c.symbol = i.symbol AND c.interval = 'ONE_SECOND'
        AND c.open_time < newest.open_time - ${ONE_SECOND_CANDLES_KEPT}::interval`;
  }

  /** What goes is kept in its minute; almost always that was built from the trades themselves. */
  async #keepMinutes(): Promise<void> {
    await this.#client.$executeRaw`
      INSERT INTO candles (symbol, interval, open_time, open, high, low, close, volume,
        quote_volume, trade_count, taker_buy_volume, closed, revision, source, loss_reason)
      SELECT c.symbol, 'ONE_MINUTE', date_trunc('minute', c.open_time),
        (array_agg(c.open ORDER BY c.open_time))[1], max(c.high), min(c.low),
        (array_agg(c.close ORDER BY c.open_time DESC))[1], sum(c.volume), sum(c.quote_volume),
        sum(c.trade_count)::int, sum(c.taker_buy_volume), true, 1, 'ROLLED_UP',
        min(c.loss_reason)
      FROM instruments i
      CROSS JOIN LATERAL (
        SELECT date_trunc('minute', max(open_time) - ${ONE_SECOND_CANDLES_KEPT}::interval) AS at
        FROM candles WHERE symbol = i.symbol AND interval = 'ONE_SECOND'
      ) oldest_kept
      JOIN candles c ON c.symbol = i.symbol AND c.interval = 'ONE_SECOND'
        AND c.open_time < oldest_kept.at
      GROUP BY c.symbol, date_trunc('minute', c.open_time)
      ON CONFLICT DO NOTHING`;
  }

  async #candles(
    ranges: readonly (CandleRange & Ordinal)[],
  ): Promise<readonly (CandleRow & Ordinal)[]> {
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
    return this.#client.$queryRaw<(CandleRow & Ordinal)[]>`
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
    const rows = await this.#client.$queryRaw<CandleRow[]>`
      SELECT ${CANDLE_COLUMNS}
      FROM instruments i
      CROSS JOIN unnest(enum_range(NULL::candle_interval)) AS k(interval)
      CROSS JOIN LATERAL (
        SELECT * FROM candles WHERE symbol = i.symbol AND interval = k.interval
        ORDER BY open_time DESC
        LIMIT CASE WHEN k.interval = 'ONE_MINUTE' THEN ${KEPT_MINUTES}::int ELSE 1 END
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
