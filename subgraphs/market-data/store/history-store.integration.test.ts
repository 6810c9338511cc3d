import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isContentRefusal } from '#shared/store/database-failure.ts';
import { type Candle, type CandleInterval, INTERVAL_MS } from '../domain/candles/candle.ts';
import { CandleSeries } from '../domain/candles/candle-series.ts';
import { BTC_USDT, ETH_USDT, trade } from '../test-market.ts';
import { createSeededDatabase } from '../test-server.ts';
import { type MarketDataStores, openMarketDataStores } from './open-market-data-stores.ts';

const MINUTE = INTERVAL_MS.ONE_MINUTE;
const { symbol } = BTC_USDT;

describe('the history store', () => {
  let database: Awaited<ReturnType<typeof createSeededDatabase>>;
  let store: MarketDataStores;
  const trades = [1, 2, 3].map((sequence) =>
    trade(sequence * MINUTE, `0.00001 @ ${99_999_990 + sequence}`, { sequence }),
  );
  const series = new CandleSeries(symbol, 'ONE_MINUTE');
  for (const each of trades) series.add(each);
  const candles = series.between(0, Infinity);

  beforeAll(async () => {
    database = await createSeededDatabase();
    store = openMarketDataStores({ databaseUrl: database.url, onConnectionError: () => undefined });
  });
  afterAll(async () => {
    await store.close();
    await database.drop();
  });

  it('gives back what it was given, to the last digit, and writing it twice changes nothing', async () => {
    await store.history.write({ trades, candles });
    await store.history.write({ trades, candles });
    const [read] = await store.history.trades([{ symbol, before: Infinity, limit: 10 }]);
    expect(read).toEqual([...trades].reverse());
    const range = { symbol, interval: 'ONE_MINUTE', fromMs: -Infinity, toMs: Infinity } as const;
    const [rows] = await store.history.candles([{ ...range, order: 'oldestFirst', limit: 10 }]);
    const known = ({ openTimeMs }: { openTimeMs: number }) => ({
      firstTradeAtMs: openTimeMs,
      lastTradeAtMs: openTimeMs,
    });
    expect(rows).toEqual(candles.map((candle) => ({ ...candle, ...known(candle) })));
  });

  it('answers several ranges at once, each in its own order and limit', async () => {
    const range = { symbol, interval: 'ONE_MINUTE', fromMs: 0, toMs: 4 * MINUTE } as const;
    const answers = await store.history.candles([
      { ...range, order: 'newestFirst', limit: 2 },
      { ...range, symbol: ETH_USDT.symbol, order: 'oldestFirst', limit: 2 },
      { ...range, order: 'oldestFirst', limit: 1 },
      { ...range, fromMs: 2 * MINUTE, toMs: 3 * MINUTE, order: 'oldestFirst', limit: 9 },
    ]);
    expect(answers.map((rows) => rows.map(({ openTimeMs }) => openTimeMs / MINUTE))).toEqual([
      [3, 2],
      [],
      [1],
      [2],
    ]);
    const [older] = await store.history.trades([{ symbol, before: 3, limit: 1 }]);
    expect(older?.map(({ sequence }) => sequence)).toEqual([2]);
  });

  it('takes a newer state of a candle in place of the older one', async () => {
    const [first] = candles;
    if (first === undefined) throw new Error('there is no candle');
    await store.history.write({ trades: [], candles: [{ ...first, revision: 2 }] });
    const range = { symbol, interval: 'ONE_MINUTE', fromMs: 0, toMs: 2 * MINUTE } as const;
    const [rows] = await store.history.candles([{ ...range, order: 'oldestFirst', limit: 9 }]);
    expect(rows?.map(({ revision }) => revision)).toEqual([2]);
  });

  it('does not take the state of one who was not there all the time for a whole one', async () => {
    const [, second] = candles;
    if (second === undefined) throw new Error('there is no candle');
    const { symbol: eth } = ETH_USDT;
    const whole = { ...second, symbol: eth, closed: true, tradeCount: 9 };
    const range = { symbol: eth, interval: 'ONE_MINUTE', fromMs: 0, toMs: Infinity } as const;
    const lossy = { ...whole, loss: 'FEED_LOST' } as const;
    const after = async (state: Candle, before: Candle) => {
      await store.history.write({ trades: [], candles: [before] });
      await store.history.write({ trades: [], candles: [state] });
      const [rows] = await store.history.candles([{ ...range, order: 'oldestFirst', limit: 9 }]);
      return rows?.map(({ tradeCount, loss }) => [tradeCount, loss]);
    };
    expect(await after({ ...lossy, tradeCount: 8 }, whole)).toEqual([[9, null]]);
    const imported = { ...whole, source: 'IMPORTED', tradeCount: 0 } as const;
    expect(await after(lossy, imported)).toEqual([[0, null]]);
    expect(await after({ ...whole, tradeCount: 8 }, whole)).toEqual([[8, null]]);
    expect(await after({ ...lossy, tradeCount: 7 }, { ...lossy, closed: false })).toEqual([
      [7, 'FEED_LOST'],
    ]);
    await database.sql('DELETE FROM candles WHERE symbol = $1', [eth]);
  });

  it('refuses a trade of nothing, in a way that tells it from an outage', async () => {
    const nothing = trade(1, '0 @ 100', { sequence: 4 });
    await expect(store.history.write({ trades: [nothing], candles: [] })).rejects.toSatisfy(
      isContentRefusal,
    );
    const [kept] = await store.history.trades([{ symbol, before: Infinity, limit: 1 }]);
    expect(kept?.map(({ sequence }) => sequence)).toEqual([3]);
  });

  it('is written by one process, until that has gone or is silent', async () => {
    const other = openMarketDataStores({
      databaseUrl: database.url,
      onConnectionError: () => undefined,
    });
    const batch = { trades: [trade(1, '1 @ 100', { sequence: 4 })], candles: [] };
    expect(await store.history.write({ trades: [], candles: [] })).toBe(true);
    expect(await other.history.write(batch)).toBe(false);
    const [kept] = await other.history.trades([{ symbol, before: Infinity, limit: 1 }]);
    expect(kept?.map(({ sequence }) => sequence)).toEqual([3]);
    await store.history.release();
    expect(await other.history.write({ trades: [], candles: [] })).toBe(true);
    expect(await store.history.write(batch)).toBe(false);
    await database.sql(`UPDATE history_writers SET expires_at = now() - interval '1 s'`);
    expect(await store.history.write({ trades: [], candles: [] })).toBe(true);
    // The database's clock was set back by an hour.
    await database.sql(`UPDATE history_writers SET expires_at = now() + interval '1 hour'`);
    expect(await other.history.write({ trades: [], candles: [] })).toBe(true);
    await other.history.release();
    await other.close();
  });

  it('lets the first decision on a home hold, until it is decided from that one', async () => {
    const other = openMarketDataStores({
      databaseUrl: database.url,
      onConnectionError: () => undefined,
    });
    const none = await store.homes.load();
    expect(none).toEqual(new Map());
    const [ofOne, ofOther] = [new Map([[symbol, 'a']]), new Map([[symbol, 'b']])];
    expect(await store.homes.settle(ofOne, none)).toEqual(ofOne);
    expect(await other.homes.settle(ofOther, none)).toEqual(ofOne);
    expect(await other.homes.settle(ofOther, ofOne)).toEqual(ofOther);
    expect(await store.homes.load()).toEqual(ofOther);
    await other.close();
  });

  it('leaves what an import has found to be missing before a candle that goes on forming', async () => {
    const { symbol: eth } = ETH_USDT;
    const place = { symbol: eth, interval: 'ONE_MINUTE' } as const;
    const forming = { ...(candles[0] as Candle), symbol: eth, openTimeMs: 60 * MINUTE };
    await store.history.write({ trades: [], candles: [forming] });
    const row = { open: '1', high: '1', low: '1', close: '1', volume: '1', quoteVolume: '1' };
    const file = { digest: 'before', ...place };
    await store.imports.write(file, [
      { ...row, openTimeMs: MINUTE, tradeCount: 1, takerBuyVolume: '0' },
    ]);
    await store.imports.markGaps(file, MINUTE, MINUTE);
    await store.history.write({ trades: [], candles: [{ ...forming, tradeCount: 9 }] });
    const range = { ...place, fromMs: 60 * MINUTE, toMs: Infinity } as const;
    const [rows] = await store.history.candles([{ ...range, order: 'oldestFirst', limit: 9 }]);
    expect(rows).toMatchObject([
      { tradeCount: 9, gap: { fromMs: 2 * MINUTE, reason: 'NOT_IMPORTED' } },
    ]);
    await database.sql('DELETE FROM candles WHERE symbol = $1', [eth]);
  });

  it('finds the newest trades and candles after a restart', async () => {
    const hours = new CandleSeries(symbol, 'ONE_HOUR');
    for (const hour of [1, 2, 3]) hours.add(trade(hour * INTERVAL_MS.ONE_HOUR, '1 @ 100'));
    await store.history.write({ trades: [], candles: hours.between(0, Infinity) });
    const history = await store.history.load(await store.loadCatalog());
    expect(history.get(symbol)?.trades.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    const opened = (interval: CandleInterval) =>
      history
        .get(symbol)
        ?.candles.filter((candle) => candle.interval === interval)
        .map(({ openTimeMs }) => openTimeMs / INTERVAL_MS[interval]);
    expect(opened('ONE_MINUTE')).toEqual([1, 2, 3]);
    // The one before the newest as well: a late trade may belong there.
    expect(opened('ONE_HOUR')).toEqual([2, 3]);
    expect(history.get(ETH_USDT.symbol)).toEqual({ trades: [], candles: [] });
    expect(await store.history.tradeCounts()).toEqual(new Map([[symbol, 3]]));
  });

  it('removes what is older than is kept', async () => {
    const far = trade(0, '1 @ 100', { sequence: 200_000 });
    const old = Array.from({ length: 5000 }, (_, index) =>
      trade(0, '1 @ 100', { sequence: 10 + index }),
    );
    const seconds = new CandleSeries(symbol, 'ONE_SECOND');
    // The day that is kept begins within the minute of the third.
    for (const atMs of [0, INTERVAL_MS.ONE_HOUR - MINUTE, INTERVAL_MS.ONE_HOUR + 10_000]) {
      seconds.add(trade(atMs, '1 @ 100'));
      seconds.interrupt('FEED_LOST');
    }
    seconds.add(trade(25 * INTERVAL_MS.ONE_HOUR + 30_000, '1 @ 100'));
    await store.history.write({ trades: [...old, far], candles: seconds.between(0, Infinity) });
    await store.history.prune(new AbortController().signal);
    const [kept] = await store.history.trades([{ symbol, before: Infinity, limit: 10 }]);
    expect(kept?.map(({ sequence }) => sequence)).toEqual([200_000]);
    const range = { symbol, fromMs: 0, toMs: Infinity, order: 'oldestFirst', limit: 9 } as const;
    const [second, minute] = await store.history.candles([
      { ...range, interval: 'ONE_SECOND' },
      { ...range, interval: 'ONE_MINUTE' },
    ]);
    expect(second?.map(({ openTimeMs }) => openTimeMs / MINUTE)).toEqual([60 + 1 / 6, 1500.5]);
    // Their minutes were not built from trades, and are kept in their place.
    expect(minute?.map(({ openTimeMs, source }) => [openTimeMs / MINUTE, source])).toEqual([
      [0, 'ROLLED_UP'],
      ...[1, 2, 3].map((minutes) => [minutes, 'TRADES']),
      [59, 'ROLLED_UP'],
    ]);
    expect(minute?.[0]).toMatchObject({ loss: 'FEED_LOST', tradeCount: 1 });
  });

  it('refuses an instrument too fine for its quote asset', async () => {
    await database.sql('UPDATE assets SET scale = 6 WHERE code = $1', ['USDT']);
    await expect(store.loadCatalog()).rejects.toThrow('too fine');
    await database.sql('UPDATE assets SET scale = 8 WHERE code = $1', ['USDT']);
    expect((await store.loadCatalog()).instruments.size).toBe(5);
  });
});
