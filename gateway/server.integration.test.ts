import { Socket } from 'node:net';
import {
  assertInputObjectType,
  buildClientSchema,
  getIntrospectionQuery,
  type IntrospectionQuery,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
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
const PLACE = {
  query: 'mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { __typename } }',
  variables: {
    input: {
      accountId: 'a',
      clientOrderId: 'c',
      symbol: 'BTC-USDT',
      side: 'BUY',
      terms: { market: { quantity: '1' } },
    },
  },
};
const raw = (init: RequestInit & { path?: string }) =>
  fetch(`${desk.origin}${init.path ?? '/graphql'}`, init);

describe('a query', () => {
  it('for the schema is answered with all that graphql-js knows to ask, and beside data', async () => {
    const query = getIntrospectionQuery({
      oneOf: true,
      inputValueDeprecation: true,
      specifiedByUrl: true,
      schemaDescription: true,
      directiveIsRepeatable: true,
    });
    const { json } = await desk.post({ query });
    const schema = buildClientSchema(json.data as unknown as IntrospectionQuery);
    expect(assertInputObjectType(schema.getType('OrderTermsInput')).isOneOf).toBe(true);
    const mixed = await desk.post({ query: '{ serverTime __type(name: "Query") { name } }' });
    expect(mixed.json.data).toMatchObject({ __type: { name: 'Query' } });
  });

  it('is answered from several subgraphs at once, in the name of the viewer', async () => {
    desk.world.calls.length = 0;
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
    expect(desk.world.calls).toContain('Asset trader:anna');
  });

  it('answers what it can, within its time, when a part does not answer', async () => {
    const held: (() => void)[] = [];
    desk.world.delay = () => new Promise((resolve) => held.push(resolve));
    const { status, json } = await desk.post(
      { query: '{ viewer { id accounts { balances { asset { code name } } } } }' },
      anna,
    );
    desk.world.delay = () => Promise.resolve();
    for (const release of held) release();
    expect(status).toBe(200);
    expect(json.errors).toEqual([
      {
        message: "The desk's market data system did not respond in time.",
        path: ['viewer', 'accounts'],
        extensions: {
          code: 'UNAVAILABLE',
          outcome: 'NOT_APPLIED',
          retryable: true,
          requestId: expect.any(String) as string,
        },
      },
    ]);
  });

  it('shows nothing of what failed inside, and logs it under the id that the client is told', async () => {
    const response = await raw({
      method: 'POST',
      headers: { 'content-type': 'application/json', ...anna },
      body: JSON.stringify({ query: '{ account(id: "x") { id } }' }),
    });
    const text = await response.text();
    const requestId = response.headers.get('x-request-id') ?? 'no id';
    expect(text).toContain(requestId);
    expect(text).not.toMatch(/secret|10\.0\.0\.1|serviceName|127\.0\.0\.1|stack/);
    const logged = (lines: readonly object[], msg: string) =>
      lines.filter((line) => 'msg' in line && line.msg === msg);
    expect(logged(desk.log, 'an operation failed')).toMatchObject([{ requestId }]);
    expect(logged(desk.subgraphLog, 'a resolver failed')).toMatchObject([
      { requestId, err: { message: 'db password=secret host=10.0.0.1' } },
    ]);
  });
});

describe('a mutation', () => {
  it('that finds nobody is told as not applied, since nothing of it was sent', async () => {
    const restart = await desk.stopSubgraph('order');
    const { json } = await desk.post(PLACE, anna);
    await restart();
    expect(json.errors?.[0]).toMatchObject({
      message: "The desk's order system did not respond in time.",
      extensions: { code: 'UNAVAILABLE', outcome: 'NOT_APPLIED' },
    });
  });

  it('that is never answered is given up within its time, longer than a query gets', async () => {
    let answer = () => {};
    desk.world.delay = () => new Promise((resolve) => (answer = resolve));
    const { status, json } = await desk.post(PLACE, anna);
    desk.world.delay = () => Promise.resolve();
    answer();
    expect(status).toBe(200);
    expect(json.errors?.[0]).toMatchObject({
      message: "The desk's order system did not respond in time.",
      extensions: { code: 'UNAVAILABLE', outcome: 'UNKNOWN' },
    });
  });

  it('that fails inside may have had an effect, as its client is told; a query cannot', async () => {
    const messageOf = async (body: object) =>
      (await desk.post(body, anna)).json.errors?.[0]?.message;
    desk.world.delay = () => Promise.reject(new Error('a bug'));
    expect(await messageOf(PLACE)).toBe(
      'An internal error occurred; it is not known whether the operation took effect.',
    );
    desk.world.delay = () => Promise.resolve();
    expect(await messageOf({ query: '{ account(id: "x") { id } }' })).toBe(
      'An internal error occurred.',
    );
  });

  it('is refused before it is sent when an input gives two members of a oneOf', async () => {
    desk.world.calls.length = 0;
    const terms = { market: { quantity: '1' }, limit: { quantity: '1', limitPrice: '1' } };
    const { status, json } = await desk.post(
      { ...PLACE, variables: { input: { ...PLACE.variables.input, terms } } },
      anna,
    );
    expect(status).toBe(400);
    expect(json.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(desk.world.calls.filter((call) => call.startsWith('placeOrder'))).toEqual([]);
  });
});

describe('a gateway', () => {
  it('connects to its subgraphs and to nobody else, not even to tell its maker', async () => {
    const connect = vi.spyOn(Socket.prototype, 'connect');
    const other = await startDeskFixture();
    await other.post({ query: '{ serverTime }' });
    await other.stop();
    const places = connect.mock.calls.flat(2).map((to) => (to as { host?: string } | null)?.host);
    connect.mockRestore();
    expect(new Set(places.filter((host) => host !== undefined))).toEqual(new Set(['127.0.0.1']));
  });
});

describe('health', () => {
  it('is ready when all three parts are, and always live', async () => {
    const status = async (path: string) => (await raw({ path })).status;
    expect([await status('/health/live'), await status('/health/ready')]).toEqual([200, 200]);
    const restart = await desk.stopSubgraph('order');
    expect([await status('/health/live'), await status('/health/ready')]).toEqual([200, 503]);
    await restart();
    expect(await status('/health/ready')).toBe(200);
  });
});
