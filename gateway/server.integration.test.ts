import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DeskFixture, startDeskFixture } from './fixtures/desk-fixture.ts';
import { SocketClient } from './fixtures/socket-client.ts';

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
    desk.world.delay = () => new Promise((resolve) => setTimeout(resolve, 4000).unref());
    const startedAt = performance.now();
    const { status, json } = await desk.post(
      { query: '{ viewer { id accounts { balances { asset { code name } } } } }' },
      anna,
    );
    desk.world.delay = () => Promise.resolve();
    expect(performance.now() - startedAt).toBeLessThan(2500);
    expect(status).toBe(200);
    expect(json.errors).toEqual([
      {
        message: "The desk's market data did not answer in time.",
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
    expect(text).toContain(response.headers.get('x-request-id') ?? 'no id');
    expect(text).not.toMatch(/secret|10\.0\.0\.1|serviceName|127\.0\.0\.1|stack/);
  });
});

describe('a mutation', () => {
  it('that gets no answer is told as of unknown outcome', async () => {
    const restart = await desk.stopSubgraph('order');
    const { json } = await desk.post(PLACE, anna);
    await restart();
    expect(json.errors?.[0]).toMatchObject({
      message: "The desk's orders did not answer in time.",
      extensions: { code: 'UNAVAILABLE', outcome: 'UNKNOWN' },
    });
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

describe('a credential', () => {
  it('that is not good is answered 401, also a malformed one', async () => {
    for (const headers of [
      { 'x-api-key': 'wrong' },
      { authorization: 'Bearer wrong' },
      { authorization: 'Basic x' },
    ]) {
      const { status, json } = await desk.post({ query: '{ __typename }' }, headers as never);
      expect(status).toBe(401);
      expect(json.errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED');
    }
  });

  it('is looked up once for all who show it at the same time', async () => {
    desk.world.addTrader('key-carl', { userId: 'carl', accounts: [], scopes: [] });
    desk.world.calls.length = 0;
    const headers = { authorization: 'Bearer key-carl' };
    await Promise.all(
      Array.from({ length: 20 }, () => desk.post({ query: '{ viewer { id } }' }, headers)),
    );
    expect(desk.world.calls.filter((call) => call.startsWith('authenticate'))).toEqual([
      'authenticate service:gateway',
    ]);
  });

  it('is dead a second after it was ended', async () => {
    desk.world.addTrader('key-dora', { userId: 'dora', accounts: [], scopes: [] });
    const ask = () => desk.post({ query: '{ viewer { id } }' }, { 'x-api-key': 'key-dora' });
    expect((await ask()).status).toBe(200);
    desk.world.principals.delete('key-dora');
    await expect.poll(async () => (await ask()).status, { timeout: 3000 }).toBe(401);
  });

  it('that cannot be checked now is answered 503, not as if it were bad', async () => {
    const restart = await desk.stopSubgraph('account');
    const { status, json } = await desk.post(
      { query: '{ serverTime }' },
      { 'x-api-key': 'key-new' },
    );
    await restart();
    expect(status).toBe(503);
    expect(json.errors?.[0]?.extensions).toMatchObject({
      code: 'UNAVAILABLE',
      outcome: 'NOT_APPLIED',
    });
  });

  it('comes from headers that we know; others never reach a subgraph', async () => {
    const { json } = await desk.post(
      { query: '{ viewer { id } }' },
      { 'x-user-id': 'anna', 'x-deskgraph-passport': 'forged' },
    );
    expect(json.errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED');
  });
});

describe('GraphQL over HTTP', () => {
  const preflighted = (url: string, init: RequestInit = {}) =>
    fetch(url, {
      ...init,
      headers: { ...(init.headers as Record<string, string>), 'apollo-require-preflight': 'true' },
    });

  it.each([
    ['every audit when the preflight header is there', preflighted, [], 61],
    [
      'all but the three that CSRF prevention is right to refuse',
      fetch,
      ['5A70', '6A70', 'D6D5'],
      58,
    ],
  ] as const)('passes %s', async (_name, fetchFn, expected, good) => {
    const others: string[] = [];
    let passed = 0;
    for (const audit of serverAudits({ url: `${desk.origin}/graphql`, fetchFn })) {
      const { status } = await audit.fn();
      if (status === 'ok') passed += 1;
      else others.push(status === 'notice' ? audit.id : `${audit.id} ${status}`);
    }
    expect(others.sort()).toEqual(expected);
    expect(passed).toBe(good);
  });

  it('answers a subscription 405 and names the socket', async () => {
    const { status, json } = await desk.post({
      query: 'subscription { quoteChanged(symbols: ["A"]) { __typename } }',
    });
    expect(status).toBe(405);
    expect(json.errors?.[0]).toMatchObject({
      message: expect.stringContaining(`${desk.origin.replace('http', 'ws')}/graphql`) as string,
      extensions: { code: 'SUBSCRIPTION_NEEDS_WEBSOCKET' },
    });
  });

  it('answers 400 to an operation that is not there', async () => {
    const { status, json } = await desk.post({
      query: 'query A { __typename }',
      operationName: 'B',
    });
    expect(status).toBe(400);
    expect(json.errors?.[0]?.extensions['code']).toBe('OPERATION_RESOLUTION_FAILURE');
  });

  it('refuses what is too large, not JSON, not UTF-8, a batch, or could be forged by a page', async () => {
    const post = (type: string, body: string) =>
      raw({ method: 'POST', headers: { 'content-type': type }, body });
    const query = JSON.stringify({ query: '{ __typename }' });
    const statuses = [
      await post('application/json', JSON.stringify({ query: `#${'x'.repeat(1024 * 1024)}` })),
      await post('application/json', '{'),
      await post('application/json', `[${query}]`),
      await post(
        'application/json',
        '{"query":"{ __typename }","variables":{"__proto__":{"isAdmin":true}}}',
      ),
      await post('application/json; charset=ibm1047', query),
      await post('text/plain', query),
      await post('application/x-www-form-urlencoded', 'query={__typename}'),
      await post('multipart/form-data; boundary=x', query),
      await raw({ path: '/graphql?query={__typename}' }),
      await raw({
        path: '/graphql?query=mutation{__typename}',
        headers: { 'apollo-require-preflight': '1' },
      }),
    ].map(({ status }) => status);
    expect(statuses).toEqual([413, 400, 400, 400, 415, 400, 400, 400, 400, 405]);
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
  });

  it('lets the pages of allowed origins call, and no others', async () => {
    const allowed = async (origin: string) => {
      const headers = { origin, 'access-control-request-method': 'POST' };
      return (await raw({ method: 'OPTIONS', headers })).headers.get('access-control-allow-origin');
    };
    expect(await allowed('https://desk.example')).toBe('https://desk.example');
    expect(await allowed('https://evil.example')).toBeNull();
  });
});

describe('the limits', () => {
  const bomb = `{ viewer { accounts { ...F0 } } } ${Array.from(
    { length: 10 },
    (_, i) =>
      `fragment F${i} on Account { orders { edges { node { account { ...F${i + 1} } } } } o2: orders { edges { node { account { ...F${i + 1} } } } } }`,
  ).join(' ')} fragment F10 on Account { id }`;
  const attacks: readonly (readonly [string, string, string])[] = [
    ['a fragment bomb', bomb, 'GRAPHQL_VALIDATION_FAILED'],
    [
      '101 aliases',
      `{ ${Array.from({ length: 101 }, (_, i) => `a${i}: __typename`).join(' ')} }`,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['a near miss of a field', '{ serverTim }', 'GRAPHQL_VALIDATION_FAILED'],
    ['too many tokens', `{ a(x: ${'['.repeat(1500)} }`, 'GRAPHQL_PARSE_FAILED'],
    ['a syntax error', 'qwerty cop { abc }', 'GRAPHQL_PARSE_FAILED'],
  ];

  it.each(attacks)(
    'refuse %s alike over HTTP and over a socket that stays open',
    async (_name, query, code) => {
      const startedAt = performance.now();
      const { status, json } = await desk.post({ query });
      expect(performance.now() - startedAt).toBeLessThan(250);
      expect(status).toBe(400);
      expect(json.errors?.map(({ extensions }) => extensions['code'])).toContain(code);
      const client = await SocketClient.connect(desk.origin);
      client.subscribe('1', query);
      const { payload, ...message } = await client.next();
      expect(message).toEqual({ id: '1', type: 'error' });
      const errors = payload as unknown as { message: string; extensions: { code: string } }[];
      expect(errors.map(({ extensions }) => extensions.code)).toContain(code);
      expect(JSON.stringify([json, errors])).not.toContain('Did you mean');
      client.subscribe('2', '{ __typename }');
      expect(await client.next()).toMatchObject({ id: '2', type: 'next' });
      await client.close();
    },
  );

  it.each([
    [
      'a fragment bomb',
      `subscription { orderEvents(accountId: "a") { ... on OrderSnapshot { account { ...F0 } } } } ${bomb.slice(bomb.indexOf('fragment'))}`,
    ],
    [
      'aliases',
      `subscription { quoteChanged(symbols: ["A"]) { ${Array.from({ length: 16 }, (_, i) => `a${i}: __typename`).join(' ')} } }`,
    ],
    [
      'a near miss',
      'subscription { quoteChanged(symbols: ["A"]) { ... on QuoteUpdate { sequenc } } }',
    ],
    [
      'two root fields',
      'subscription { a: quoteChanged(symbols: ["A"]) { __typename } b: quoteChanged(symbols: ["A"]) { __typename } }',
    ],
    [
      'a condition',
      'subscription ($x: Boolean!) { quoteChanged(symbols: ["A"]) @include(if: $x) { __typename } }',
    ],
    ['introspection alone', 'subscription { __typename }'],
    [
      'a reserved variable',
      'subscription ($representations: [ID!]!) { quoteChanged(symbols: $representations) { __typename } }',
    ],
  ])('refuse %s under a subscription before anything is opened', async (_name, query) => {
    desk.world.calls.length = 0;
    const client = await SocketClient.connect(desk.origin);
    const startedAt = performance.now();
    client.subscribe('1', query);
    const message = await client.next();
    expect(performance.now() - startedAt).toBeLessThan(250);
    expect(message).toMatchObject({ id: '1', type: 'error' });
    const errors = message.payload as unknown as { extensions: { code: string } }[];
    expect([...new Set(errors.map(({ extensions }) => extensions.code))]).toEqual([
      'GRAPHQL_VALIDATION_FAILED',
    ]);
    expect(JSON.stringify(message)).not.toContain('Did you mean');
    expect(desk.world.calls).toEqual([]);
    await client.close();
  });

  it('answer wrong variables of a subscription as bad input', async () => {
    const client = await SocketClient.connect(desk.origin);
    client.subscribe(
      '1',
      'subscription ($s: [ID!]!) { quoteChanged(symbols: $s) { __typename } }',
      { s: [{}] },
    );
    expect(await client.next()).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'BAD_USER_INPUT' } }],
    });
    await client.close();
  });
});

describe('health', () => {
  it('is ready when all three parts are, and live in any case', async () => {
    const status = async (path: string) => (await raw({ path })).status;
    expect([await status('/health/live'), await status('/health/ready')]).toEqual([200, 200]);
    const restart = await desk.stopSubgraph('order');
    expect([await status('/health/live'), await status('/health/ready')]).toEqual([200, 503]);
    await restart();
    expect(await status('/health/ready')).toBe(200);
  });
});
