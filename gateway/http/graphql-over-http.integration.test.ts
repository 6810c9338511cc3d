import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DeskFixture, startDeskFixture } from '../fixtures/desk-fixture.ts';

let desk: DeskFixture;
beforeAll(async () => {
  desk = await startDeskFixture();
});
afterAll(() => desk.stop());
const raw = (init: RequestInit & { path?: string }) =>
  fetch(`${desk.origin}${init.path ?? '/graphql'}`, init);

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

  it.each(['%%', '[', 'a b', ''])('answers whatever a client calls us, as %j', async (host) => {
    const headers = { host, 'content-type': 'application/json' };
    const asked = request(`${desk.origin}/graphql`, { method: 'POST', headers, agent: false });
    asked.end(JSON.stringify({ query: '{ serverTime }' }));
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    expect(answer.statusCode).toBe(200);
    expect(await text(answer)).toContain('serverTime');
  });

  it('answers who would rather speak another protocol, and goes on with the connection', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const body = JSON.stringify({ query: `{ serverTime } # ${'x'.repeat(200_000)}` });
    const headers = {
      'content-type': 'application/json',
      'content-length': body.length,
      'x-name': 'caf\u00e9',
      connection: 'Upgrade, HTTP2-Settings',
      upgrade: 'h2c',
      'http2-settings': 'AAMAAABk',
    };
    const sockets = new Set<unknown>();
    for (let count = 0; count < 3; count += 1) {
      const asked = request(`${desk.origin}/graphql`, { method: 'POST', headers, agent });
      asked.write(body.slice(0, 10));
      asked.end(body.slice(10));
      const [answer] = (await once(asked, 'response')) as [IncomingMessage];
      sockets.add(asked.socket);
      expect([answer.statusCode, await text(answer)]).toEqual([
        ...[200, expect.stringContaining('serverTime')],
      ]);
    }
    expect(sockets.size).toBe(1);
    agent.destroy();
  });

  it.each([
    'text/html',
    'application/json;odata=verbose',
    'multipart/mixed',
    'application/json;q=none',
    'application/json;q=0',
    '',
  ])('answers a command whatever its client accepts, as %j', async (accept) => {
    desk.world.addTrader('key', { userId: 'anna', accounts: ['a'], scopes: ['trade:write'] });
    const query =
      'mutation { cancelOrder(input: { accountId: "a", order: { id: "1" } }) { __typename } }';
    const { status, json } = await desk.post({ query }, { 'x-api-key': 'key', accept });
    expect([status, json.data]).toEqual([200, { cancelOrder: { __typename: 'AccountNotFound' } }]);
  });

  it('answers 400 to an operation that is not there', async () => {
    const { status, json } = await desk.post({
      query: 'query A { __typename }',
      operationName: 'B',
    });
    expect(status).toBe(400);
    expect(json.errors?.[0]?.extensions['code']).toBe('OPERATION_RESOLUTION_FAILURE');
  });

  it.each([
    [
      'a condition',
      'query Other($it: Int) { instruments(first: $it) { edges { cursor } } } query Asked($it: Boolean = true) { serverTime @include(if: $it) }',
    ],
    [
      'an argument',
      'query Asked($it: Int) { instrument(symbol: "BTC-USDT") { orderBook(depth: $it) { sequence } } }',
    ],
    [
      'a part of an argument',
      'query Asked($it: InstrumentStatus = TRADING) { instruments(filter: { statuses: [$it] }) { edges { cursor } } }',
    ],
  ])('refuses null for %s before anything is done', async (_what, query) => {
    desk.world.calls.length = 0;
    const asked = { query, operationName: 'Asked' };
    const { status, json } = await desk.post({ ...asked, variables: { it: null } });
    expect(status).toBe(400);
    expect(json.errors).toMatchObject([
      {
        message: 'Variable "$it" must not be null where it is used.',
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
    expect(desk.world.calls).toEqual([]);
    expect((await desk.post(asked)).status).toBe(200);
  });

  it('takes null for what can be null, whatever fragments of another operation ask for', async () => {
    const query = `query Asked($it: Int) { instruments(first: $it) { edges { cursor } } }
      query Other($it: Int!) { ...Book }
      fragment Book on Query { instrument(symbol: "BTC-USDT") { orderBook(depth: $it) { sequence } } }`;
    const asked = { query, operationName: 'Asked', variables: { it: null } };
    expect((await desk.post(asked)).status).toBe(200);
  });

  it('tells few of very many mistakes in the variables', async () => {
    const { status, json } = await desk.post({
      query:
        'query ($s: [InstrumentStatus!]) { instruments(filter: { statuses: $s }) { edges { cursor } } }',
      variables: { s: Array.from({ length: 30_000 }, () => 'NONE') },
    });
    expect(status).toBe(400);
    expect(json.errors?.map(({ extensions }) => extensions['code'])).toEqual(
      Array(4).fill('BAD_USER_INPUT'),
    );
    expect(json.errors?.at(-1)?.message).toMatch(/^Too many errors/);
  });

  it('answers mistakes in large variables with much less than they are', async () => {
    const mistakes = Array.from({ length: 50 }, (_, n) => [`wrong${n}`, 1] as const);
    const { status, json } = await desk.post({
      query: 'query ($i: InstrumentFilterInput) { instruments(filter: $i) { edges { cursor } } }',
      variables: { i: { symbols: ['x'.repeat(240_000)], ...Object.fromEntries(mistakes) } },
    });
    expect(status).toBe(400);
    expect(json.errors?.[0]?.message).toMatch(/"wrong0" is not defined by type/);
    expect(JSON.stringify(json).length).toBeLessThan(10_000);
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
      await raw({
        path: '/graphql?query={__typename}',
        headers: { 'content-type': 'text/plain', 'apollo-require-preflight': '1' },
      }),
    ].map(({ status }) => status);
    expect(statuses).toEqual([413, 400, 400, 400, 415, 400, 400, 400, 400, 405, 415]);
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
  });

  it('refuses bytes that are no UTF-8, and compressed ones, and says why', async () => {
    const send = async (body: Buffer, headers: Record<string, string> = {}) => {
      const type = { 'content-type': 'application/json; charset=UTF8' };
      const answer = await raw({ method: 'POST', headers: { ...type, ...headers }, body });
      const { errors } = (await answer.json()) as { errors?: { message: string }[] };
      return [answer.status, errors?.[0]?.message];
    };
    const query = JSON.stringify({ query: '{ __typename } # \u00e9' });
    expect(await send(Buffer.from(query))).toEqual([200, undefined]);
    expect(await send(Buffer.from(query, 'latin1'))).toEqual([400, 'The body is not valid UTF-8.']);
    expect(await send(gzipSync(query), { 'content-encoding': 'gzip' })).toEqual([
      ...[415, expect.stringContaining('Content-Encoding')],
    ]);
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
