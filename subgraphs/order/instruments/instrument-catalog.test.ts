import { expect, it } from 'vitest';
import { systemClock } from '#shared/domain/clock.ts';
import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import { createLogger } from '#shared/logging/logger.ts';
import type { SubgraphClient } from '#shared/subgraph/subgraph-client.ts';
import { price } from '../domain/test-orders.ts';
import { SYMBOL } from '../engine/test-journal.ts';
import { InstrumentCatalog } from './instrument-catalog.ts';

const NODE = {
  symbol: SYMBOL,
  status: 'TRADING',
  priceScale: 2,
  quantityScale: 5,
  makerFeeRate: '0.001',
  takerFeeRate: '0.001',
  base: { code: 'BTC' },
  quoteAsset: { code: 'USDT', scale: 8 },
  rules: {
    tickSize: '0.01',
    quantityStep: '0.00001',
    minQuantity: '0.00001',
    maxQuantity: '100',
    minNotional: '5',
    maxNotional: '1000000',
    collarRate: '0.05',
    maxQuoteAgeMs: 1000,
  },
  quote: null,
};
const dataOf = (node: unknown) => ({
  instruments: { edges: [{ node }], pageInfo: { hasNextPage: false, endCursor: null } },
});
const DATA = dataOf(NODE);

it('keeps a status that was told while the instruments were being read', async () => {
  let answer: ((answered: { data: typeof DATA }) => void) | undefined;
  const request = () => new Promise((resolve) => (answer = resolve));
  const catalog = new InstrumentCatalog({
    marketData: { request } as unknown as SubgraphClient,
    clock: systemClock,
    logger: createLogger({ unit: 'test', level: 'silent' }),
  });
  const starting = catalog.start();
  await expect.poll(() => answer).toBeDefined();
  catalog.hearStatus(SYMBOL, 'CLOSED');
  answer?.({ data: DATA });
  await starting;
  expect(catalog.get(SYMBOL)?.status).toBe('CLOSED');
  catalog.hearStatus(SYMBOL, 'TRADING');
  expect(catalog.get(SYMBOL)?.status).toBe('TRADING');
  catalog.close();
});

it('looks for an instrument that was added, also after the clock was set back', async () => {
  let now = 1_700_000_000_000;
  let steady = 0;
  let asked = 0;
  const request = () => {
    asked += 1;
    return Promise.resolve({ data: DATA });
  };
  const catalog = new InstrumentCatalog({
    marketData: { request } as unknown as SubgraphClient,
    clock: { now: () => now, steadyNow: () => steady },
    logger: createLogger({ unit: 'test', level: 'silent' }),
  });
  await catalog.start();
  const added = 'ETH-USDT' as InstrumentSymbol;
  steady += 999;
  now -= 3_600_000;
  expect([await catalog.find(added), asked]).toEqual([undefined, 1]);
  steady += 1;
  expect([await catalog.find(added), asked]).toEqual([undefined, 2]);
  catalog.close();
});

it('has the markets that were known when it read the instruments, to measure from and not to trade on', async () => {
  const quote = { bidPrice: '63999.5', askPrice: null, receivedTime: '2023-11-14T22:13:20.000Z' };
  for (const [known, expected] of [
    [null, null],
    [quote, { bidPrice: price('63999.5'), askPrice: null, receivedAtMs: 1_700_000_000_000 }],
  ] as const) {
    const data = dataOf({ ...NODE, quote: known });
    const catalog = new InstrumentCatalog({
      marketData: { request: () => Promise.resolve({ data }) } as unknown as SubgraphClient,
      clock: systemClock,
      logger: createLogger({ unit: 'test', level: 'silent' }),
    });
    await catalog.start();
    expect(catalog.quote(SYMBOL)).toEqual(expected && { ...expected, suspended: true });
    catalog.close();
  }
});

it('goes on measuring from the last market that it knew after market-data has started again without one', async () => {
  let steady = 0;
  const quote = { bidPrice: '63999.5', askPrice: null, receivedTime: '2023-11-14T22:13:20.000Z' };
  const answers = [quote, null].map((known) => ({ data: dataOf({ ...NODE, quote: known }) }));
  const catalog = new InstrumentCatalog({
    marketData: {
      request: () => Promise.resolve(answers.shift()),
    } as unknown as SubgraphClient,
    clock: { now: () => 0, steadyNow: () => steady },
    logger: createLogger({ unit: 'test', level: 'silent' }),
  });
  await catalog.start();
  steady += 1000;
  await catalog.find('ETH-USDT' as InstrumentSymbol);
  expect([answers.length, catalog.quote(SYMBOL)?.bidPrice]).toEqual([0, price('63999.5')]);
  catalog.close();
});
