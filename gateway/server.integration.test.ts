import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DeskFixture, startDeskFixture } from './fixtures/desk-fixture.ts';

let desk: DeskFixture;
beforeAll(async () => {
  desk = await startDeskFixture();
  desk.world.addTrader('key-anna', {
    userId: 'anna',
    accounts: ['acc-anna'],
    scopes: ['market:read', 'account:read', 'trade:read', 'trade:write'],
  });
});
afterAll(() => desk.stop());
const anna = { 'x-api-key': 'key-anna' };

describe('a query', () => {
  it('is answered from several subgraphs at once', async () => {
    const { status, json } = await desk.post(
      {
        query:
          '{ viewer { id accounts { id name balances { total asset { code name } } positions { id } } } instrument(symbol: "BTC-USDT") { symbol base { name } } }',
      },
      anna,
    );
    expect(json).toEqual({
      data: {
        viewer: {
          id: 'anna',
          accounts: [
            {
              id: 'acc-anna',
              name: 'Account acc-anna',
              balances: [{ total: '1', asset: { code: 'BTC', name: 'The BTC' } }],
              positions: [],
            },
          ],
        },
        instrument: { symbol: 'BTC-USDT', base: { name: 'The BTC' } },
      },
    });
    expect(status).toBe(200);
  });
});
describe('GraphQL over HTTP', () => {
  it('passes every audit of graphql-http when the preflight header is there', async () => {
    const fetchFn = (url: string, init: RequestInit = {}) =>
      fetch(url, {
        ...init,
        headers: {
          ...(init.headers as Record<string, string>),
          'apollo-require-preflight': 'true',
        },
      });
    const failures: unknown[] = [];
    let count = 0;
    for (const audit of serverAudits({ url: `${desk.origin}/graphql`, fetchFn })) {
      const result = await audit.fn();
      count += 1;
      if (result.status !== 'ok') failures.push([audit.id, audit.name, result.status, result]);
    }
    expect(failures).toEqual([]);
    expect(count).toBe(61);
  });
});
