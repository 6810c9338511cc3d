// Instruments of a venue's list in real stores, and on a desk that is started afterwards.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '#shared/environment/free-port.ts';
import { venueProtocol } from '../../subgraphs/market-data/feed/live/venue-protocols.ts';
import {
  QUIET_SIM,
  startTestServer,
  testOptions,
} from '../../subgraphs/market-data/test-server.ts';
import { seedAccount } from '../account/seed.ts';
import { seedMarketData } from '../market-data/seed.ts';
import { createTestDatabase, type TestDatabase } from '../test-database.ts';
import { importListedInstruments } from './import-listed-instruments.ts';

const FILTERS = [
  { filterType: 'PRICE_FILTER', tickSize: '0.00010000' },
  { filterType: 'LOT_SIZE', stepSize: '0.10000000', minQty: '0.10000000', maxQty: '900000.0' },
  { filterType: 'NOTIONAL', minNotional: '5.00000000', maxNotional: '9000000.00000000' },
];
/** Without who may trade what, which would be most of it. */
const LIST = '/api/v3/exchangeInfo?showPermissionSets=false';
const TOO_FINE = [{ filterType: 'PRICE_FILTER', tickSize: '0.0000000001' }, ...FILTERS.slice(1)];

function pair(baseAsset: string, filters: readonly object[]) {
  const names = { symbol: `${baseAsset}USDT`, baseAsset, quoteAsset: 'USDT' };
  return { ...names, status: 'TRADING', orderTypes: ['LIMIT'], filters };
}

describe('importing instruments', () => {
  let venue: Server;
  let account: TestDatabase;
  let marketData: TestDatabase;

  beforeAll(async () => {
    const symbols = [
      ...[pair('ADA', FILTERS), pair('BTC', FILTERS), pair('XLM', FILTERS)],
      pair('PEPE', TOO_FINE),
    ];
    venue = createServer((request, response) => {
      response.statusCode = request.url === LIST ? 200 : 404;
      response.end(JSON.stringify({ symbols }));
    });
    await new Promise<void>((resolve) => venue.listen(0, '127.0.0.1', resolve));
    [account, marketData] = await Promise.all([
      createTestDatabase('account'),
      createTestDatabase('market-data'),
    ]);
    await Promise.all([seedAccount(account.url), seedMarketData(marketData.url)]);
  });
  afterAll(async () => {
    venue.close();
    await Promise.all([account.drop(), marketData.drop()]);
  });

  const run = (symbols: readonly string[], inventory: readonly string[] = []) => {
    const origin = `http://127.0.0.1:${(venue.address() as AddressInfo).port}`;
    const protocol = venueProtocol('binance', origin);
    const urls = { account: account.url, 'market-data': marketData.url };
    return importListedInstruments(symbols, urls, { protocol, inventory });
  };
  const state = async () => [
    await marketData.sql('SELECT * FROM instruments ORDER BY symbol'),
    await marketData.sql('SELECT * FROM assets ORDER BY code'),
    await account.sql('SELECT code, scale FROM assets ORDER BY code'),
  ];

  it.each([
    [['ada-usdt'], [], '"ada-usdt" is not a symbol like BTC-USDT.'],
    [['ADA-USDT', 'XRP-USDT'], [], 'binance does not list XRP-USDT.'],
    [['ADA-USDT', 'PEPE-USDT'], [], 'PEPE-USDT of binance cannot be traded here: it has prices'],
    [['ADA-USDT'], ['ADA=1e9'], '"ADA=1e9" is no inventory like ADA=1000000.'],
    [['ADA-USDT'], ['USDT=5'], 'USDT is no new asset of these instruments.'],
  ])('%j with %j is refused, and adds nothing', async (symbols, inventory, problem) => {
    const before = await state();
    await expect(run(symbols, inventory)).rejects.toThrow(problem);
    expect(await state()).toEqual(before);
  });

  it('says why the list of a venue cannot be read', async () => {
    const protocol = venueProtocol('binance', `http://127.0.0.1:${await freePort()}`);
    const urls = { account: account.url, 'market-data': marketData.url };
    await expect(
      importListedInstruments(['ADA-USDT'], urls, { protocol, inventory: [] }),
    ).rejects.toThrow(/^The list of binance cannot be read: connect ECONNREFUSED /);
  });

  it('adds what is new with the terms of its venue, and an inventory for the house', async () => {
    const [btc] = await marketData.sql(`SELECT * FROM instruments WHERE symbol = 'BTC-USDT'`);
    expect(await run(['ADA-USDT', 'BTC-USDT'], ['ADA=250000.5'])).toEqual({
      added: ['ADA-USDT'],
      known: ['BTC-USDT'],
    });
    expect(await marketData.sql(`SELECT * FROM instruments WHERE symbol = 'BTC-USDT'`)).toEqual([
      btc,
    ]);
    const balances = `SELECT account_id, free::text FROM balances WHERE asset_code = 'ADA' ORDER BY 1`;
    expect(await account.sql(balances)).toEqual([
      { account_id: 'external', free: '-250000.500000000000000000' },
      { account_id: 'house', free: '250000.500000000000000000' },
    ]);
    const entries = `SELECT account_id, change::text FROM ledger_entries WHERE asset_code = 'ADA' ORDER BY 1`;
    expect(await account.sql(entries)).toEqual([
      { account_id: 'external', change: '-250000.500000000000000000' },
      { account_id: 'house', change: '250000.500000000000000000' },
    ]);
  });

  it('adds nothing when it is run again', async () => {
    const before = await state();
    const again = await run(['ADA-USDT']);
    expect(again).toEqual({ added: [], known: ['ADA-USDT'] });
    expect(await state()).toEqual(before);
  });

  it('gives the ledger the assets that it lacks after it was restored from before', async () => {
    await run(['XLM-USDT']);
    const before = await state();
    await account.sql(`DELETE FROM assets WHERE code = 'XLM'`);
    expect(await run(['XLM-USDT'])).toEqual({ added: [], known: ['XLM-USDT'] });
    expect(await state()).toEqual(before);
  });

  it('makes instruments that a desk has from its next start on', async () => {
    const desk = await startTestServer(testOptions(marketData.url, QUIET_SIM));
    try {
      const { data } = await desk.query(`{ instrument(symbol: "ADA-USDT") {
        status priceScale quantityScale base { code name } makerFeeRate
        rules { tickSize quantityStep minQuantity maxQuantity minNotional maxNotional collarRate }
      } }`);
      expect(data).toMatchObject({
        instrument: {
          ...{ status: 'TRADING', priceScale: 4, quantityScale: 1, makerFeeRate: '0.0008' },
          base: { code: 'ADA', name: 'ADA' },
          rules: {
            ...{ tickSize: '0.0001', quantityStep: '0.1', minQuantity: '0.1' },
            ...{ maxQuantity: '900000.0', minNotional: '5', maxNotional: '9000000' },
          },
        },
      });
    } finally {
      await desk.stop();
    }
  });
});
