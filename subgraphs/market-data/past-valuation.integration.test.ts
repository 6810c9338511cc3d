import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSeededDatabase, QUIET_SIM, startTestServer, testOptions } from './test-server.ts';

const VALUE = `query ($of: [_Any!]!, $quote: ID!) { _entities(representations: $of) {
  ... on AccountHistoryPoint { valuation(quote: $quote) {
    value stale asOf balances { asset { code } price value symbols stale }
  } }
} }`;
interface Valued {
  readonly _entities: readonly [
    { readonly valuation: { readonly balances: readonly unknown[] } | null } | null,
  ];
}

let database: Awaited<ReturnType<typeof createSeededDatabase>>;
let desk: Awaited<ReturnType<typeof startTestServer>>;
beforeAll(async () => {
  database = await createSeededDatabase();
  const candle = (symbol: string, interval: string, open: string, close: number, count = 3) =>
    `('${symbol}', '${interval}', '${open}Z', ${close}, ${close}, ${close}, ${close}, 1, ${close}, ${count}, 1, true, 1, NULL)`;
  const lossy = (...[symbol, interval, open, close]: Parameters<typeof candle>) =>
    candle(symbol, interval, open, close).replace('NULL', `'FEED_LOST'`);
  await database.sql(`
    INSERT INTO candles (symbol, interval, open_time, open, high, low, close, volume, quote_volume, trade_count,
      taker_buy_volume, closed, revision, loss_reason) VALUES ${[
        candle('BTC-USDT', 'ONE_DAY', '2026-03-01T00:00', 60000),
        candle('BTC-USDT', 'ONE_DAY', '2026-03-03T00:00', 64000),
        candle('BTC-USDT', 'ONE_HOUR', '2026-03-02T09:00', 61000),
        candle('BTC-USDT', 'ONE_HOUR', '2026-03-02T10:00', 61000, 0),
        candle('ETH-BTC', 'ONE_DAY', '2026-03-01T00:00', 0.05),
        candle('BTC-EUR', 'ONE_DAY', '2026-03-01T00:00', 50000),
        lossy('BTC-EUR', 'ONE_DAY', '2026-03-03T00:00', 51000),
        candle('SOL-USDT', 'ONE_DAY', '2026-03-01T00:00', 150, 0),
        candle('SOL-USDT', 'ONE_DAY', '2026-03-02T00:00', 151, 0).replace('true', 'false'),
        lossy('ETH-USDT', 'ONE_DAY', '2026-03-05T00:00', 3100),
        candle('ETH-USDT', 'ONE_HOUR', '2026-03-05T23:00', 3101),
        lossy('ETH-USDT', 'ONE_DAY', '2026-03-06T00:00', 3200),
        lossy('ETH-USDT', 'ONE_HOUR', '2026-03-06T23:00', 3201),
        candle('ETH-USDT', 'ONE_MINUTE', '2026-03-06T23:59', 3202),
        lossy('ETH-USDT', 'ONE_DAY', '2026-03-07T00:00', 3300),
        candle('ETH-USDT', 'ONE_HOUR', '2026-03-07T23:00', 3301, 0),
      ].join()}`);
  await database.sql(`UPDATE candles SET source = 'IMPORTED', volume = 0, quote_volume = 0,
    taker_buy_volume = 0 WHERE symbol = 'SOL-USDT'`);
  desk = await startTestServer(testOptions(database.url, QUIET_SIM));
});
afterAll(async () => {
  await desk.stop();
  await database.drop();
});

const valued = async (at: string, held: Record<string, string>, quote = 'USDT') => {
  const balancesToValue = Object.entries(held).map(([code, total]) => ({ asset: { code }, total }));
  const of = [{ __typename: 'AccountHistoryPoint', accountId: 'acc-1', at, balancesToValue }];
  const { data } = await desk.query<Valued>(VALUE, { of, quote });
  return data._entities[0]?.valuation;
};
const of = (code: string) => ({ asset: { code } });

describe('the value of an account at a past moment', () => {
  it('is that of the closes of the day that ended, of one instrument or of two', async () => {
    const held = { BTC: '0.5', ETH: '2', EUR: '100', SOL: '0', USDT: '10' };
    const valuation = await valued('2026-03-02T00:00:00.000Z', held);
    expect(valuation).toEqual({
      ...{ value: '36130.00000000', stale: false, asOf: '2026-03-02T00:00:00.000Z' },
      balances: [
        {
          ...of('BTC'),
          price: '60000.00000000',
          value: '30000.00000000',
          symbols: ['BTC-USDT'],
          stale: false,
        },
        {
          ...of('ETH'),
          price: '3000.00000000',
          value: '6000.00000000',
          symbols: ['ETH-BTC', 'BTC-USDT'],
          stale: false,
        },
        {
          ...of('EUR'),
          price: '1.20000000',
          value: '120.00000000',
          symbols: ['BTC-EUR', 'BTC-USDT'],
          stale: false,
        },
        { ...of('USDT'), price: '1.00000000', value: '10.00000000', symbols: [], stale: false },
      ],
    });
  });

  it.each([
    ['of an hour that had trades', '2026-03-02T10:00:00Z', 'BTC', '61000.00000000', false],
    ['of an hour without a trade', '2026-03-02T11:00:00Z', 'BTC', '61000.00000000', true],
    ['of hours that nothing is known of', '2026-03-02T23:00:00Z', 'BTC', '61000.00000000', true],
    ['of a day that nothing is known of', '2026-03-03T00:00:00Z', 'BTC', '60000.00000000', true],
    ['of a file without counts', '2026-03-02T00:00:00Z', 'SOL', '150.00000000', false],
    ['of a file that ends before the day', '2026-03-03T00:00:00Z', 'SOL', '151.00000000', true],
    ['whose candle lacks trades', '2026-03-04T00:00:00Z', 'EUR', '1.25490196', true],
    ['of a last hour that is whole', '2026-03-06T00:00:00Z', 'ETH', '3101.00000000', false],
    ['of a last minute that is whole', '2026-03-07T00:00:00Z', 'ETH', '3202.00000000', false],
    ['before a last hour without a trade', '2026-03-08T00:00:00Z', 'ETH', '3300.00000000', true],
  ])('is outdated or not by the close %s', async (_, at, code, value, stale) => {
    const valuation = await valued(at, { [code]: '1' });
    expect(valuation).toMatchObject({ value, stale, balances: [{ stale }] });
  });

  it('is unknown before the first candle, and without the asset to value in', async () => {
    const valuation = await valued('2026-03-01T00:00:00Z', { BTC: '1', USDT: '5' });
    const unknown = { ...of('BTC'), price: null, value: null, symbols: [], stale: false };
    expect(valuation).toMatchObject({ value: null, balances: [unknown, of('USDT')] });
    expect(await valued('2026-03-02T00:00:00Z', { BTC: '1' }, 'NOPE')).toBeNull();
  });
});
