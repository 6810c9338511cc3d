// The migration that gives a store with history its candles of half an hour.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { seededRandom } from '../feed/random.ts';
import { readMigrations } from '../../../prisma/migration-folder.ts';
import { type Candle, type CandleInterval, INTERVAL_MS } from '../domain/candles/candle.ts';
import { CandleSeries } from '../domain/candles/candle-series.ts';
import { BTC_USDT, ETH_USDT, trade } from '../test-market.ts';
import { createSeededDatabase } from '../test-server.ts';
import { type MarketDataStores, openMarketDataStores } from './open-market-data-stores.ts';

const MINUTE = INTERVAL_MS.ONE_MINUTE;
const QUARTER = INTERVAL_MS.FIFTEEN_MINUTES;
const HALF = INTERVAL_MS.THIRTY_MINUTES;
const BEGIN = Date.UTC(2024, 0, 1);
const { symbol } = BTC_USDT;

describe('the migration to candles of thirty minutes', () => {
  let database: Awaited<ReturnType<typeof createSeededDatabase>>;
  let store: MarketDataStores;
  let script: string;

  beforeAll(async () => {
    database = await createSeededDatabase();
    store = openMarketDataStores({ databaseUrl: database.url, onConnectionError: () => undefined });
    const { migrationDirectories } = await readMigrations('market-data');
    const { content } = migrationDirectories.find(({ path }) =>
      path.endsWith('candles_of_thirty_minutes'),
    )!.migrationFile;
    script = content.tag === 'ok' ? content.value : '';
  });
  beforeEach(() => database.sql('TRUNCATE candles'));
  afterAll(async () => {
    await store.close();
    await database.drop();
  });

  const write = (series: CandleSeries) =>
    store.history.write({ trades: [], candles: series.between(-Infinity, Infinity) });
  const stored = async (interval: CandleInterval): Promise<readonly Candle[]> => {
    const range = { symbol, interval, fromMs: -Infinity, toMs: Infinity } as const;
    return (
      (await store.history.candles([{ ...range, order: 'oldestFirst', limit: 5000 }]))[0] ?? []
    );
  };

  it.each([1, 2, 3])('makes what the same trades would have made, in market %s', async (seed) => {
    const random = seededRandom(seed);
    const [quarters, halves] = (['FIFTEEN_MINUTES', 'THIRTY_MINUTES'] as const).map(
      (interval) => new CandleSeries(symbol, interval),
    ) as [CandleSeries, CandleSeries];
    for (let atMs = BEGIN, count = 0; count < 400; count += 1) {
      atMs += Math.floor(random() * random() * 60 * MINUTE);
      const each = trade(
        atMs,
        `${1 + Math.floor(random() * 9)} @ ${100 + Math.floor(random() * 9)}`,
      );
      for (const series of [quarters, halves]) {
        if (count % 20 === 19) series.interrupt('FEED_LOST');
        series.add(each);
      }
    }
    await write(quarters);
    await database.sql(script);
    expect((await stored('THIRTY_MINUTES')).map(withoutTimes)).toEqual(
      halves.between(-Infinity, Infinity).map(withoutTimes),
    );
  });

  it('leaves the last half open while its second quarter is not over', async () => {
    const quarters = new CandleSeries(symbol, 'FIFTEEN_MINUTES');
    const told = async () => {
      await database.sql('TRUNCATE candles');
      await write(quarters);
      await database.sql(script);
      return (await stored('THIRTY_MINUTES')).map(({ closed, loss }) => [closed, loss]);
    };
    quarters.open();
    quarters.add(trade(BEGIN, '1 @ 100'));
    expect(await told()).toEqual([[false, null]]);
    quarters.advance(BEGIN + QUARTER);
    expect(await told()).toEqual([[false, null]]);
    quarters.advance(BEGIN + HALF);
    expect(await told()).toEqual([
      [true, null],
      [false, null],
    ]);
  });

  it('says which halves lack a quarter that was not imported', async () => {
    const imported = async (quarter: number) => {
      const openTime = new Date(BEGIN + quarter * QUARTER);
      await database.sql(
        `INSERT INTO candles VALUES ($1, 'FIFTEEN_MINUTES', $2, 1, 1, 1, 1, 1, 1, 1, 1, true, 1)`,
        [symbol, openTime],
      );
      await database.sql(`UPDATE candles SET source = 'IMPORTED'`);
    };
    for (const quarter of [1, 2, 3, 8, 9, 10]) await imported(quarter);
    await database.sql(script);
    const loss = 'NOT_IMPORTED';
    expect(await stored('THIRTY_MINUTES')).toMatchObject([
      { openTimeMs: BEGIN, source: 'ROLLED_UP', loss, gap: null },
      { openTimeMs: BEGIN + HALF, source: 'ROLLED_UP', loss: null, gap: null },
      { openTimeMs: BEGIN + 4 * HALF, loss: null, gap: { fromMs: BEGIN + 2 * HALF, reason: loss } },
      { openTimeMs: BEGIN + 5 * HALF, loss, gap: null },
    ]);
  });

  it('keeps instruments apart', async () => {
    for (const own of [symbol, ETH_USDT.symbol]) {
      const quarters = new CandleSeries(own, 'FIFTEEN_MINUTES');
      quarters.add({ ...trade(BEGIN, '1 @ 100'), symbol: own });
      await write(quarters);
    }
    await database.sql(script);
    expect(await stored('THIRTY_MINUTES')).toMatchObject([{ tradeCount: 1, gap: null }]);
  });
});

/** What is not stored. */
function withoutTimes({ firstTradeAtMs: _first, lastTradeAtMs: _last, ...candle }: Candle) {
  return candle;
}
