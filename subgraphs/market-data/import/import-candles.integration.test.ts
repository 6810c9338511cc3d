// Files of candles in a real store: once, twice, half way, and beside candles that we built ourselves.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '#shared/domain/clock.ts';
import {
  type Candle,
  type CandleInterval,
  closeTimeOf,
  INTERVAL_MS,
  openTimeOf,
} from '../domain/candles/candle.ts';
import type { CandleImports } from '../domain/candles/candle-imports.ts';
import { CandleSeries } from '../domain/candles/candle-series.ts';
import { type MarketDataStores, openMarketDataStores } from '../store/open-market-data-stores.ts';
import { BTC_USDT, ETH_USDT, instrument, price, quantity, trade } from '../test-market.ts';
import { recordedData } from '../test-recordings.ts';
import { createSeededDatabase } from '../test-server.ts';
import type { CandleFile } from './candle-batches.ts';
import { importCandles } from './import-candles.ts';

const MINUTE = INTERVAL_MS.ONE_MINUTE;
const HOUR = INTERVAL_MS.ONE_HOUR;
const MONDAY = Date.UTC(2024, 0, 1);
const QUIETLY = { again: false, clock: systemClock, onProgress: () => undefined };

describe('importing candles', () => {
  let database: Awaited<ReturnType<typeof createSeededDatabase>>;
  let store: MarketDataStores;
  let folder: string;

  beforeAll(async () => {
    database = await createSeededDatabase();
    store = openMarketDataStores({ databaseUrl: database.url, onConnectionError: () => undefined });
    folder = await mkdtemp(path.join(tmpdir(), 'deskgraph-import-'));
  });
  afterAll(async () => {
    await store.close();
    await database.drop();
    await rm(folder, { recursive: true });
  });

  const run = (file: CandleFile, again = false) =>
    importCandles(file, store.imports, { ...QUIETLY, again });
  const stored = async (
    { symbol }: Pick<CandleFile, 'symbol'>,
    interval: CandleInterval,
    [fromMs, toMs]: readonly [number, number] = [-Infinity, Infinity],
  ): Promise<readonly Candle[]> => {
    const range = { symbol, interval, fromMs, toMs, order: 'oldestFirst', limit: 5000 } as const;
    return (await store.history.candles([range]))[0] ?? [];
  };
  /** Minutes from `MONDAY` on, each with its own price. */
  const minuteFile = async (
    name: string,
    minutes: readonly number[],
    symbol = ETH_USDT.symbol,
  ): Promise<CandleFile> => {
    const lines = minutes.map((minute) => {
      const [open, high, low, close] = [100 + minute, 103 + minute, 99 + minute, 101 + minute];
      return `${MONDAY + minute * MINUTE},${open},${high},${low},${close},2,0,5`;
    });
    const file = path.join(folder, name);
    const text = `${lines.join('\n')}\n`;
    await writeFile(file, name.endsWith('.gz') ? gzipSync(text) : text);
    return { path: file, symbol, interval: 'ONE_MINUTE' };
  };
  const count = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => from + index);

  const recorded = recordedData('candles/BTCUSDT_1h_jan_feb_2024.csv');
  it.skipIf(recorded === null)(
    'of a recording gives its hours, the days and weeks they add up to, and twice nothing',
    async () => {
      const file = { path: recorded ?? '', symbol: BTC_USDT.symbol, interval: 'ONE_HOUR' } as const;
      expect(await run(file)).toMatchObject({ rows: 1033, added: 1033, changed: 0 });
      const hours = await stored(file, 'ONE_HOUR');
      expect(hours).toHaveLength(1033);
      expect(hours[0]).toMatchObject({
        openTimeMs: Date.UTC(2024, 0, 13),
        open: price('42782.74'),
        closed: true,
        source: 'IMPORTED',
        gap: null,
      });
      for (const day of await stored(file, 'ONE_DAY')) {
        const own = hours.filter(
          ({ openTimeMs }) =>
            openTimeMs >= day.openTimeMs && openTimeMs < day.openTimeMs + 24 * HOUR,
        );
        expect(day.open).toBe(own[0]?.open);
        expect(day.close).toBe(own.at(-1)?.close);
        expect(own.every(({ high, low }) => high <= day.high && low >= day.low)).toBe(true);
        expect(day.loss).toBe(own.length === 24 ? null : 'NOT_IMPORTED');
      }
      const weeks = await stored(file, 'ONE_WEEK');
      expect(weeks.map(({ openTimeMs }) => new Date(openTimeMs).getUTCDay())).toEqual(
        weeks.map(() => 1),
      );
      const again = { rows: 1033, resumedAfter: 0, added: 0, changed: 0, rolledUp: 0 };
      expect(await run(file, true)).toEqual(again);
      expect(await stored(file, 'ONE_HOUR')).toEqual(hours);
      expect(await run(file)).toEqual({ ...again, resumedAfter: 1033 });
    },
  );

  it('resumes where it was interrupted', async () => {
    const file = await minuteFile('resumed.csv', count(0, 22_000));
    const ended = new Error('ended');
    let batches = 0;
    const untilSecond = () => {
      batches += 1;
      if (batches === 3) throw ended;
    };
    const half = importCandles(file, store.imports, { ...QUIETLY, onProgress: untilSecond });
    await expect(half).rejects.toBe(ended);
    expect(await run(file)).toMatchObject({ rows: 22_000, resumedAfter: 5000 });
    const end = [MONDAY + 21_999 * MINUTE, MONDAY + 22_000 * MINUTE] as const;
    expect(await stored(file, 'ONE_MINUTE', end)).toMatchObject([{ open: price('22099') }]);
  });

  it('reports missing candles until another file has them', async () => {
    const from = 40_000;
    const with_hole = [...count(from, from + 3), ...count(from + 5, from + 7)];
    const file = await minuteFile('hole.csv.gz', with_hole);
    await run(file);
    const range = [MONDAY + (from + 1) * MINUTE, MONDAY + (from + 9) * MINUTE] as const;
    const gaps = async () => (await stored(file, 'ONE_MINUTE', range)).map(({ gap }) => gap);
    const gap = { fromMs: MONDAY + (from + 3) * MINUTE, reason: 'NOT_IMPORTED' };
    expect(await gaps()).toEqual([null, null, gap, null]);
    await run(await minuteFile('filling.csv', [from + 3]));
    const rest = { ...gap, fromMs: MONDAY + (from + 4) * MINUTE };
    expect(await gaps()).toEqual([null, null, null, rest, null]);
    await run(await minuteFile('filled.csv', [from + 4]));
    expect(await gaps()).toEqual([null, null, null, null, null, null]);
  });

  it('keeps candles built from trades, unless some of the trades were lost', async () => {
    const { symbol } = BTC_USDT;
    const series = new CandleSeries(symbol, 'ONE_MINUTE');
    // In its middle we began to listen.
    series.add(trade(MONDAY - MINUTE / 2, '1 @ 49'));
    series.add(trade(MONDAY, '1 @ 50'));
    series.add(trade(MONDAY + MINUTE, '1 @ 51'));
    series.interrupt('FEED_LOST');
    series.add(trade(MONDAY + 2 * MINUTE, '1 @ 52'));
    await store.history.write({ trades: [], candles: series.between(0, Infinity) });
    const file = await minuteFile('beside.csv', [-1, 0, 1, 3], symbol);
    expect(await run(file)).toMatchObject({ added: 1, changed: 2 });
    const candles = await stored({ symbol }, 'ONE_MINUTE');
    expect(candles.map(({ open, source, revision }) => [open, source, revision])).toEqual([
      [price('99'), 'IMPORTED', 2],
      [price('50'), 'TRADES', 1],
      [price('101'), 'IMPORTED', 2],
      [price('52'), 'TRADES', 1],
      [price('103'), 'IMPORTED', 1],
    ]);
  });

  it('takes no price of minutes without trades into longer candles', async () => {
    const { symbol } = instrument('BTC-USD', 2, 5);
    const file = { path: path.join(folder, 'quiet.csv'), symbol, interval: 'ONE_MINUTE' } as const;
    const minute = (index: number, prices: string, volume: number) =>
      `${MONDAY + index * MINUTE},${prices},${volume},0,${volume}`;
    const empty = '90,90,90,90';
    const lines = [
      minute(0, empty, 0),
      minute(1, '100,103,99,101', 2),
      minute(2, '101,101,101,101', 0),
    ];
    const quiet = count(5, 10).map((index) => minute(index, '101,101,101,101', 0));
    await writeFile(file.path, [...lines, ...quiet].join('\n'));
    await run(file);
    const prices = {
      open: price('100'),
      high: price('103'),
      low: price('99'),
      close: price('101'),
    };
    const flat = price('101');
    expect(await stored(file, 'FIVE_MINUTES')).toMatchObject([
      { ...prices, volume: quantity('2') },
      { open: flat, high: flat, low: flat, close: flat, tradeCount: 0 },
    ]);
    expect(await stored(file, 'ONE_DAY')).toMatchObject([prices]);
  });

  it('of seconds leaves whole minutes, even if they are added up while it goes on', async () => {
    const { symbol } = instrument('BTC-EUR', 2, 5);
    const place = { symbol, interval: 'ONE_SECOND' } as const;
    const rows = 10_830;
    const newest = { ...trade(MONDAY + 100 * HOUR, '1 @ 50'), symbol };
    const series = new CandleSeries(symbol, 'ONE_SECOND');
    series.add(newest);
    await store.history.write({ trades: [], candles: series.between(0, Infinity) });
    const file = { path: path.join(folder, 'seconds.csv'), ...place };
    const line = (_: unknown, second: number) => `${MONDAY + second * 1000},1,1,1,1,1,0,1`;
    await writeFile(file.path, Array.from({ length: rows }, line).join('\n'));
    const { imports, history } = store;
    const prune = () => history.prune(new AbortController().signal);
    const pruned: CandleImports = {
      progressOf: (target) => imports.progressOf(target),
      noteProgress: (target, done) => imports.noteProgress(target, done),
      markGaps: (target, fromMs, toMs) => imports.markGaps(target, fromMs, toMs),
      rollUp: (target, fromMs, toMs) => imports.rollUp(target, fromMs, toMs),
      write: async (target, batch) => {
        const counts = await imports.write(target, batch);
        await prune();
        return counts;
      },
    };
    await importCandles(file, pruned, QUIETLY);
    await prune();
    const minutes = await stored(place, 'ONE_MINUTE', [MONDAY, MONDAY + 24 * HOUR]);
    const told = minutes.map(({ volume, loss }) => `${volume / quantity('1')} ${String(loss)}`);
    expect(told).toEqual([...Array<string>(180).fill('60 null'), '30 NOT_IMPORTED']);
    // The rest of the last one comes with the next file.
    const rest = { ...file, path: path.join(folder, 'rest.csv') };
    const later = (_: unknown, index: number) => line(_, 10_800 + index);
    await writeFile(rest.path, Array.from({ length: 60 }, later).join('\n'));
    await importCandles(rest, pruned, QUIETLY);
    const last = [MONDAY + 180 * MINUTE, MONDAY + 181 * MINUTE] as const;
    expect(await stored(place, 'ONE_MINUTE', last)).toMatchObject([
      { volume: quantity('60'), loss: null },
    ]);
  });

  it('adds up as many trades as can be counted', async () => {
    const { symbol } = instrument('ETH-BTC', 6, 3);
    const most = 2 ** 31 - 1;
    const file = { path: path.join(folder, 'most.csv'), symbol, interval: 'ONE_MINUTE' } as const;
    const line = (minute: number) => `${MONDAY + minute * MINUTE},1,1,1,1,1,,1,${most}`;
    await writeFile(file.path, [line(0), line(1)].join('\n'));
    await run(file);
    expect(await stored(file, 'FIVE_MINUTES')).toMatchObject([{ tradeCount: most }]);
  });

  it('closes no candle of a period that is not over', async () => {
    const { symbol } = instrument('SOL-USDT', 2, 3);
    const now = Date.now();
    const today = openTimeOf('ONE_DAY', now);
    const line = (openTimeMs: number) => `${openTimeMs},1,1,1,1`;
    const file = { path: path.join(folder, 'days.csv'), symbol, interval: 'ONE_DAY' } as const;
    await writeFile(file.path, [line(today - 24 * HOUR), line(today)].join('\n'));
    await run(file);
    const [days, weeks] = [await stored(file, 'ONE_DAY'), await stored(file, 'ONE_WEEK')];
    expect(days).toHaveLength(2);
    expect(weeks[0]?.source).toBe('ROLLED_UP');
    // Midnight may have passed meanwhile; on a Monday the week is the one of yesterday.
    const wrong = [...days, ...weeks].filter((candle) =>
      candle.closed ? closeTimeOf(candle) > Date.now() : closeTimeOf(candle) <= now,
    );
    expect(wrong).toEqual([]);
  });

  it.each([
    ['off the grid', '60001,1,1,1,1', 'bad.csv:2: no candle of ONE_MINUTE opens at this time.'],
    ['out of order', '1970-01-01T00:01:00Z,1,1,1,1', 'bad.csv:2: the line before is not older.'],
    ['in the future', '4102444800000,1,1,1,1', 'bad.csv:2: a candle cannot open in the future.'],
    ['unreadable', '120000,one,1,1,1', 'bad.csv:2: its open "one" is not an amount.'],
  ])('names a line that is %s', async (_, line, message) => {
    const file = path.join(folder, 'bad.csv');
    await writeFile(file, `1970-01-01T00:01:00Z,1,1,1,1\n${line}\n`);
    const target = { path: file, symbol: BTC_USDT.symbol, interval: 'ONE_MINUTE' } as const;
    await expect(run(target)).rejects.toThrow(message);
  });
});
