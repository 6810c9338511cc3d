import { connect as connectTcp } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DeskFixture, startDeskFixture } from '../fixtures/desk-fixture.ts';
import { EventStreamClient } from '../fixtures/event-stream-client.ts';
import { SocketClient } from '../fixtures/socket-client.ts';

let desk: DeskFixture;
beforeEach(async () => {
  desk = await startDeskFixture();
  desk.world.addTrader('key-anna', {
    userId: 'anna',
    accounts: ['acc-anna'],
    scopes: ['market:read', 'account:read', 'trade:write'],
  });
});
afterEach(() => desk.stop());

const VIEWER = '{ viewer { id } }';
/** The headers of an upgrade. */
const UPGRADE = `Host: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\nSec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}\r\n\r\n`;

describe('the upgrade', () => {
  it('is refused to pages of other origins, and elsewhere than on the path', async () => {
    for (const origin of ['https://evil.example', 'https://desk.example.evil.io', 'null', ''])
      if (origin !== '')
        await expect(SocketClient.open(desk.origin, { headers: { origin } })).rejects.toThrow(
          'HTTP 403',
        );
    for (const origin of ['https://desk.example', desk.origin])
      await (await SocketClient.open(desk.origin, { headers: { origin } })).close();
    await expect(SocketClient.open(`${desk.origin}/elsewhere`)).rejects.toThrow('HTTP 404');
  });

  it.each(['//', '//x/graphql', 'http://elsewhere/graphql', '/graphql/'])(
    'is refused at %s, which is not the path',
    async (address) => {
      const { hostname, port } = new URL(desk.origin);
      const raw = connectTcp(Number(port), hostname);
      raw.write(`GET ${address} HTTP/1.1\r\n${UPGRADE}`);
      const [reply] = (await once(raw, 'data')) as [Buffer];
      expect(reply.toString()).toMatch(/^HTTP\/1.1 404 /);
      raw.destroy();
    },
  );

  it('takes a credential in its headers, and refuses a bad one before the socket opens', async () => {
    const client = await SocketClient.connect(desk.origin, undefined, {
      headers: { 'x-api-key': 'key-anna' },
    });
    client.subscribe('1', VIEWER);
    expect(await client.next()).toMatchObject({ payload: { data: { viewer: { id: 'anna' } } } });
    await client.close();
    await expect(
      SocketClient.open(desk.origin, { headers: { authorization: 'Bearer wrong' } }),
    ).rejects.toThrow('HTTP 401');
  });

  it('is refused to a viewer who has too many sockets already', async () => {
    const headers = { 'x-api-key': 'key-anna' };
    const clients = [];
    // Who shows a credential in the headers and in `connection_init` has one socket all the same.
    for (let count = 0; count < 10; count += 1)
      clients.push(await SocketClient.connect(desk.origin, headers, count < 5 ? { headers } : {}));
    await expect(SocketClient.open(desk.origin, { headers })).rejects.toThrow('HTTP 429');
    const eleventh = await SocketClient.open(desk.origin);
    eleventh.send({ type: 'connection_init', payload: { apiKey: 'key-anna' } });
    expect(await eleventh.closed).toEqual({ code: 4429, reason: 'Too many sockets' });
    await clients[0]?.close();
    await (await SocketClient.connect(desk.origin, headers)).close();
    for (const client of clients) await client.close();
  });
});

describe('connection_init', () => {
  it('takes a key or a bearer token, and closes 4403 on a bad one', async () => {
    for (const params of [{ apiKey: 'key-anna' }, { authorization: 'Bearer key-anna' }]) {
      const client = await SocketClient.connect(desk.origin, params);
      client.subscribe('1', VIEWER);
      expect(await client.next()).toMatchObject({ payload: { data: { viewer: { id: 'anna' } } } });
      await client.close();
    }
    for (const [params, reason] of [
      [{ apiKey: 'wrong' }, 'This credential is invalid or has expired.'],
      [{ authorization: 'key-anna' }, 'CREDENTIAL_MALFORMED'],
      [{ apiKey: 7 }, 'CREDENTIAL_MALFORMED'],
    ] as const) {
      const client = await SocketClient.open(desk.origin);
      client.send({ type: 'connection_init', payload: params });
      expect(await client.closed).toEqual({ code: 4403, reason });
    }
  });

  it('closes 1013 when credentials cannot be checked now', async () => {
    const restart = await desk.stopSubgraph('account');
    const client = await SocketClient.open(desk.origin);
    client.send({ type: 'connection_init', payload: { apiKey: 'key-anna' } });
    expect(await client.closed).toMatchObject({ code: 1013 });
    await restart();
  });

  it('closes 1013 when the check of the credential does not end, and asks for no more', async () => {
    let answer = () => {};
    desk.world.delayOfCredentials = () => new Promise((resolve) => (answer = resolve));
    const client = await SocketClient.open(desk.origin);
    client.send({ type: 'connection_init', payload: { apiKey: 'key-anna' } });
    expect(await client.closed).toEqual({ code: 1013, reason: 'Try again later' });
    const asked = desk.world.calls.filter((call) => call.startsWith('authenticate'));
    expect(asked).toHaveLength(1);
    answer();
  });
});

describe('a socket', () => {
  it('closes 4403 when its credential ends, and delivers nothing after', async () => {
    const principal = desk.world.principals.get('key-anna');
    desk.world.principals.set('short', {
      ...principal,
      expiresAt: new Date(Date.now() + 3000).toISOString(),
    });
    const client = await SocketClient.connect(desk.origin, { apiKey: 'short' });
    client.subscribe('1', 'subscription { quoteChanged(symbols: ["BTC-USDT"]) { __typename } }');
    expect(await client.closed).toEqual({ code: 4403, reason: 'Credential expired' });
    desk.world.pushQuote('BTC-USDT', 1);
    expect(client.untaken).toEqual([]);
    await expect.poll(() => desk.world.quotesOf('BTC-USDT').open).toBe(0);
  });

  it('answers queries and mutations, with the errors of HTTP', async () => {
    const client = await SocketClient.connect(desk.origin, { apiKey: 'key-anna' });
    client.subscribe(
      '1',
      'mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { __typename } }',
      {
        input: {
          accountId: 'a',
          clientOrderId: 'c',
          symbol: 'BTC-USDT',
          side: 'BUY',
          terms: { market: { quantity: '1' } },
        },
      },
    );
    expect(await client.next()).toMatchObject({
      id: '1',
      type: 'next',
      payload: { data: { placeOrder: { __typename: 'AccountNotFound' } } },
    });
    expect(await client.next()).toEqual({ id: '1', type: 'complete' });
    client.subscribe('2', '{ account(id: "x") { id } }');
    const failed = await client.next();
    expect(failed).toMatchObject({
      id: '2',
      type: 'next',
      payload: {
        data: { account: null },
        errors: [{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
      },
    });
    expect(JSON.stringify(failed)).not.toMatch(/secret|10\.0\.0\.1/);
    await client.close();
  });

  it('refuses null for a condition, which stopped the gateway when a gap was reported', async () => {
    const client = await SocketClient.connect(desk.origin);
    const query = `subscription ($all: Boolean = true) { quoteChanged(symbols: ["BTC-USDT"]) {
      ... on QuoteUpdate { sequence } ... on StreamGap { reason @include(if: $all) } } }`;
    client.subscribe('1', query, { all: null });
    expect(await client.next()).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'BAD_USER_INPUT' } }],
    });
    expect(desk.world.quotesOf('BTC-USDT').opened).toBe(0);
    await client.close();
  });

  it('holds fifty operations and refuses the next alone', async () => {
    const client = await SocketClient.connect(desk.origin);
    for (let id = 1; id <= 51; id += 1)
      client.subscribe(
        `${id}`,
        'subscription { quoteChanged(symbols: ["BTC-USDT"]) { __typename } }',
      );
    expect(await client.next()).toMatchObject({
      id: '51',
      type: 'error',
      payload: [{ extensions: { code: 'RATE_LIMITED', outcome: 'NOT_APPLIED', retryable: true } }],
    });
    expect(desk.world.quotesOf('BTC-USDT').opened).toBeLessThanOrEqual(1);
    await client.close();
  });

  it('closes 4429 on a flood of messages, pings or unasked pongs, and 1009 on a message that is too large', async () => {
    const flood = await SocketClient.connect(desk.origin);
    for (let count = 0; count < 200; count += 1) flood.send({ type: 'ping' });
    expect(await flood.closed).toEqual({ code: 4429, reason: 'Too many messages' });
    for (const frame of ['ping', 'pong'] as const) {
      const beats = await SocketClient.connect(desk.origin);
      for (let count = 0; count < 200; count += 1) beats.webSocket[frame]();
      expect(await beats.closed).toEqual({ code: 4429, reason: 'Too many messages' });
    }
    const large = await SocketClient.connect(desk.origin);
    large.subscribe('1', `{ serverTime } # ${'x'.repeat(70_000)}`);
    expect(await large.closed).toMatchObject({ code: 1009 });
  });

  it.each([
    ['without a byte', ''],
    ['of one byte', ' '],
  ])('closes 1008 on a message of very many fragments %s', async (_what, fragment) => {
    const client = await SocketClient.connect(desk.origin);
    for (let count = 0; count < 5000; count += 1)
      client.webSocket.send(fragment, { fin: false }, () => {});
    expect(await client.closed).toMatchObject({ code: 1008 });
  });

  it('ends with 1001 at shutdown, even if the client has stopped reading', async () => {
    const client = await SocketClient.connect(desk.origin);
    const { hostname, port } = new URL(desk.origin);
    const stalled = connectTcp(Number(port), hostname);
    stalled.write(`GET /graphql HTTP/1.1\r\n${UPGRADE}`);
    await once(stalled, 'data');
    stalled.on('error', () => {});
    stalled.pause();
    await desk.gateway.stop(); // it reads nothing until the test is over
    expect(await client.closed).toEqual({ code: 1001, reason: 'Shutting down' });
    stalled.destroy();
  });

  it('ends when what is under way is answered, as an event stream does, and begins nothing more', async () => {
    const held: (() => void)[] = [];
    desk.world.delay = () => new Promise((resolve) => held.push(resolve));
    const [client, idle] = [
      await SocketClient.connect(desk.origin),
      await SocketClient.connect(desk.origin),
    ];
    client.subscribe('1', 'query A { serverTime }');
    await client.settle();
    const stream = await EventStreamClient.post(desk.origin, { query: 'query B { serverTime }' });
    await expect.poll(() => held.length).toBeGreaterThan(0);
    const stopped = desk.gateway.stop();
    expect(await idle.closed).toMatchObject({ code: 1001 });
    client.subscribe('2', '{ __typename }');
    expect(await client.next()).toMatchObject({
      id: '2',
      type: 'error',
      payload: [{ extensions: { code: 'UNAVAILABLE', outcome: 'NOT_APPLIED' } }],
    });
    desk.world.delay = () => Promise.resolve();
    for (const release of held) release();
    expect(await client.next()).toMatchObject({ id: '1', type: 'next' });
    expect(await client.next()).toMatchObject({ id: '1', type: 'complete' });
    expect(await client.closed).toEqual({ code: 1001, reason: 'Shutting down' });
    expect(await stream.result()).toHaveProperty('data');
    expect(await stream.next()).toEqual({ event: 'complete', data: '' });
    await stopped;
  });

  it('does not begin, nor does an event stream, where its credential was checked during a shutdown', async () => {
    const answers: (() => void)[] = [];
    desk.world.delayOfCredentials = () => new Promise((resolve) => answers.push(resolve));
    desk.world.principals.set('key-other', desk.world.principals.get('key-anna') ?? {});
    const other = { 'x-api-key': 'key-other' };
    const opened = SocketClient.open(desk.origin, { headers: { 'x-api-key': 'key-anna' } });
    const isRefused = expect(opened).rejects.toThrow('HTTP 503');
    const query = 'subscription { quoteChanged(symbols: ["BTC-USDT"]) { __typename } }';
    const stream = EventStreamClient.post(desk.origin, { query }, other);
    await expect.poll(() => answers.length).toBe(2);
    const stopped = desk.gateway.stop();
    for (const answer of answers) answer();
    await isRefused;
    expect((await stream).response.status).toBe(503);
    await stopped;
  });
});
