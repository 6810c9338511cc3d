import { createClient } from 'graphql-sse';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DeskFixture, startDeskFixture } from '../fixtures/desk-fixture.ts';
import { EventStreamClient } from '../fixtures/event-stream-client.ts';
import { SocketClient } from '../fixtures/socket-client.ts';

const QUOTES =
  'subscription { quoteChanged(symbols: ["BTC-USDT"]) { ... on QuoteUpdate { sequence } } }';
const ORDERS = `subscription ($accountId: ID!) {
  orderEvents(accountId: $accountId) { ... on OrderSnapshot { cursor account { name } } }
}`;
const anna = { 'x-api-key': 'key-anna' };

let desk: DeskFixture;
beforeEach(async () => {
  desk = await startDeskFixture();
  const scopes = ['account:read', 'trade:read'];
  desk.world.addTrader('key-bob', { userId: 'bob', accounts: [], scopes });
  desk.world.addTrader('key-anna', {
    userId: 'anna',
    accounts: ['acc-anna'],
    scopes: ['market:read', 'account:read', 'trade:read', 'trade:write'],
  });
});
afterEach(() => desk.stop());

const post = (payload: object, headers?: Record<string, string>) =>
  EventStreamClient.post(desk.origin, payload, headers);
const get = (parameters: Record<string, string>, headers: Record<string, string> = {}) =>
  EventStreamClient.open(`${desk.origin}/graphql?${new URLSearchParams(parameters)}`, { headers });
/** The same for who accepts something else too; nothing of the body is read. */
const ask = async (payload: object, accept: string) => {
  const abort = new AbortController();
  const response = await fetch(`${desk.origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept },
    body: JSON.stringify(payload),
    signal: abort.signal,
  });
  return { response, close: () => abort.abort() };
};
const quotes = () => desk.world.quotesOf('BTC-USDT');
const COMPLETE = { event: 'complete', data: '' };
const quote = (sequence: number) => ({ data: { quoteChanged: { sequence: `${sequence}` } } });

describe('an event stream', () => {
  it('carries a subscription over the hub that sockets use, by POST and by GET', async () => {
    const socket = await SocketClient.connect(desk.origin);
    socket.subscribe('1', QUOTES);
    await expect.poll(() => quotes().open).toBe(1);
    const streams = [await post({ query: QUOTES }), await get({ query: QUOTES })];
    for (const { response } of streams) {
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
      expect(response.headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
    }
    for (const sequence of [1, 2]) {
      desk.world.pushQuote('BTC-USDT', sequence);
      for (const stream of streams) expect(await stream.result()).toEqual(quote(sequence));
      expect(await socket.next()).toMatchObject({ payload: quote(sequence) });
    }
    expect(quotes().opened).toBe(1);
    socket.send({ id: '1', type: 'complete' });
    for (const stream of streams) stream.close();
    await expect.poll(() => quotes().open).toBe(0);
  });

  it('is completed when its source ends', async () => {
    const stream = await post({ query: QUOTES });
    await expect.poll(() => quotes().open).toBe(1);
    quotes().end();
    expect(await stream.next()).toEqual(COMPLETE);
    expect(await stream.next()).toBeNull();
  });

  it('carries a query or a mutation as one result', async () => {
    const query = await get({ query: '{ viewer { id } }' }, anna);
    expect(await query.result()).toEqual({ data: { viewer: { id: 'anna' } } });
    expect(await query.next()).toEqual(COMPLETE);
    const mutation = await post(
      {
        query: 'mutation ($i: PlaceOrderInput!) { placeOrder(input: $i) { __typename } }',
        variables: {
          i: {
            accountId: 'a',
            clientOrderId: 'c',
            symbol: 'BTC-USDT',
            side: 'BUY',
            terms: { market: { quantity: '1' } },
          },
        },
      },
      anna,
    );
    expect(await mutation.result()).toEqual({
      data: { placeOrder: { __typename: 'AccountNotFound' } },
    });
    expect(await mutation.next()).toEqual(COMPLETE);
  });

  it('runs the only operation of a document for an empty name, like every transport', async () => {
    const query = { query: '{ serverTime }', operationName: '' };
    const isTime = { data: { serverTime: expect.any(String) as string } };
    expect(await (await post(query)).result()).toMatchObject(isTime);
    expect(await (await get(query)).result()).toMatchObject(isTime);
    expect(await desk.post(query)).toMatchObject({ status: 200, json: isTime });
    const byGet = await fetch(`${desk.origin}/graphql?${new URLSearchParams(query)}`, {
      headers: { 'apollo-require-preflight': '1' },
    });
    expect(await byGet.json()).toMatchObject(isTime);
    const socket = await SocketClient.connect(desk.origin);
    const stream = await post({ query: QUOTES, operationName: '' });
    socket.send({ id: '1', type: 'subscribe', payload: query });
    expect(await socket.next()).toMatchObject({ type: 'next', payload: isTime });
    expect(await socket.next()).toMatchObject({ type: 'complete' });
    socket.send({ id: '2', type: 'subscribe', payload: { query: QUOTES, operationName: '' } });
    await expect.poll(() => quotes().open).toBe(1);
    await socket.settle();
    desk.world.pushQuote('BTC-USDT', 1);
    expect(await stream.result()).toEqual(quote(1));
    expect(await socket.next()).toMatchObject({ id: '2', payload: quote(1) });
    stream.close();
  });

  it('is for subscriptions alone where another answer is accepted too', async () => {
    const answered = async (payload: object, accept: string) => {
      const { response, ...stream } = await ask(payload, accept);
      stream.close();
      return [response.status, response.headers.get('content-type')?.split(';', 1)[0]];
    };
    const urql =
      'application/graphql-response+json, application/json, text/event-stream, */*;q=0.1';
    for (const accept of [
      urql,
      'text/event-stream, application/json;q=0.1',
      '*/*, text/event-stream',
    ]) {
      const [status, type] = await answered({ query: '{ serverTime }' }, accept);
      expect([status, type]).toEqual([200, expect.stringMatching(/json$/)]);
      const [, refused] = await answered({ query: '{ nothing # subscription' }, accept);
      expect(refused).toMatch(/json$/);
      expect(await answered({ query: QUOTES }, accept)).toEqual([200, 'text/event-stream']);
    }
    expect(await answered({ query: QUOTES }, 'text/event-stream;q=0, */*')).toContain(405);
    const none = 'text/event-stream, application/json;q=0';
    expect(await answered({ query: '{ serverTime }' }, none)).toEqual([200, 'text/event-stream']);
    const long = { query: QUOTES.padEnd(10_001) };
    expect(await answered(long, urql)).toEqual([405, expect.stringMatching(/json$/)]);
    expect(await answered(long, 'text/event-stream')).toEqual([200, 'text/event-stream']);
  });

  it('is private where the subscription is', async () => {
    const variables = { accountId: 'acc-anna' };
    const own = await get({ query: ORDERS, variables: JSON.stringify(variables) }, anna);
    expect(await own.result()).toEqual({
      data: { orderEvents: { cursor: 'anna', account: { name: 'Account acc-anna' } } },
    });
    const stranger = await post({ query: ORDERS, variables }, { 'x-api-key': 'key-bob' });
    expect(await stranger.result()).toMatchObject({
      errors: [{ extensions: { code: 'NOT_FOUND' } }],
    });
    expect(await stranger.next()).toEqual(COMPLETE);
    own.close();
  });

  it.each([
    ['cannot be parsed', { query: 'subscription {' }, 'GRAPHQL_PARSE_FAILED'],
    ['is not valid', { query: 'subscription { nothing }' }, 'GRAPHQL_VALIDATION_FAILED'],
    ['is a query that is not valid', { query: '{ nothing }' }, 'GRAPHQL_VALIDATION_FAILED'],
    ['lacks variables', { query: ORDERS }, 'BAD_USER_INPUT'],
    ['is too deep', { query: `{${'a{'.repeat(20)}b${'}'.repeat(20)}}` }, 'GRAPHQL_VALIDATION'],
  ])('says in an event that its operation %s', async (_what, payload, code) => {
    const stream = await post(payload, anna);
    expect(stream.response.status).toBe(200);
    expect(JSON.stringify(await stream.result())).toContain(code);
    expect(await stream.next()).toEqual(COMPLETE);
  });

  it('masks what fails', async () => {
    const stream = await post({ query: QUOTES });
    await expect.poll(() => quotes().open).toBe(1);
    quotes().fail(new Error('password=secret'));
    const result = await stream.result();
    expect(result).toMatchObject({ errors: [{ message: expect.any(String) as string }] });
    expect(JSON.stringify(result)).not.toContain('secret');
    expect(await stream.next()).toEqual(COMPLETE);
  });

  it('is what the client of graphql-sse expects', async () => {
    const client = createClient({ url: `${desk.origin}/graphql`, headers: anna, retryAttempts: 0 });
    const events = client.iterate<{ quoteChanged: unknown }>({ query: QUOTES });
    const first = events.next();
    await expect.poll(() => quotes().open).toBe(1);
    desk.world.pushQuote('BTC-USDT', 1);
    expect(await first).toEqual({ value: quote(1), done: false });
    const last = events.next();
    quotes().end();
    expect(await last).toMatchObject({ done: true });
    const answers = [];
    for await (const answer of client.iterate({ query: '{ viewer { id } }' })) answers.push(answer);
    expect(answers).toEqual([{ data: { viewer: { id: 'anna' } } }]);
    client.dispose();
  });
});

describe('a request for an event stream', () => {
  it.each<[string, number, () => Promise<EventStreamClient>]>([
    ['a bad credential', 401, () => post({ query: QUOTES }, { 'x-api-key': 'wrong' })],
    ['no operation', 400, () => post({ variables: {} })],
    ['variables that are no object', 400, () => get({ query: QUOTES, variables: '[1' })],
    ['another content type', 400, () => post({}, { 'content-type': 'text/plain' })],
    ['a mutation by GET', 405, () => get({ query: 'mutation { __typename }' })],
    [
      'a mutation by GET, with an empty name',
      405,
      () => get({ query: 'mutation { __typename }', operationName: '' }),
    ],
    [
      'a name by GET that the document lacks',
      400,
      () => get({ query: 'mutation A { __typename }', operationName: 'B' }),
    ],
    ['a page elsewhere', 403, () => post({ query: QUOTES }, { origin: 'https://evil.example' })],
  ])('with %s is refused', async (_what, status, ask) => {
    const { response } = await ask();
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({
      errors: [{ extensions: { code: expect.any(String) as string } }],
    });
  });

  it('is answered 503 while credentials cannot be checked', async () => {
    const restart = await desk.stopSubgraph('account');
    expect((await post({ query: QUOTES }, anna)).response.status).toBe(503);
    await restart();
  });

  it('from a viewer who has as many as a socket has operations is refused, until one ends', async () => {
    const streams = [];
    for (let count = 0; count < 50; count += 1) streams.push(await post({ query: QUOTES }, anna));
    expect((await post({ query: QUOTES }, anna)).response.status).toBe(429);
    expect((await post({ query: QUOTES })).response.status).toBe(200);
    streams[0]?.close();
    const again = async () => {
      const stream = await post({ query: QUOTES }, anna);
      streams.push(stream);
      return stream.response.status;
    };
    await expect.poll(again).toBe(200);
    for (const stream of streams) stream.close();
  });

  it('is named beside the socket where a subscription comes as a plain request', async () => {
    const { json } = await desk.post({ query: QUOTES });
    expect(json.errors?.[0]?.message).toMatch(/ws:\/\/.+"Accept: text\/event-stream" alone/);
  });
});

describe('an event stream that somebody lives on', () => {
  it('ends with its credential, and another does not', async () => {
    desk.world.principals.set('other', { ...desk.world.principals.get('key-anna'), keyId: 'k2' });
    const stream = await post({ query: QUOTES }, anna);
    const other = await post({ query: QUOTES }, { 'x-api-key': 'other' });
    desk.world.principals.delete('key-anna');
    expect(await stream.result()).toEqual({
      errors: [{ message: 'Credential ended.', extensions: { code: 'UNAUTHENTICATED' } }],
    });
    expect(await stream.next()).toEqual(COMPLETE);
    desk.world.pushQuote('BTC-USDT', 1);
    expect(await other.result()).toEqual(quote(1));
    other.close();
  });

  it('is not begun at shutdown, and its client learns that it can come again', async () => {
    const held = new Promise<() => void>((isHeld) => {
      desk.world.delayOfCredentials = () => new Promise((release) => isHeld(release));
    });
    const opening = post({ query: QUOTES }, anna);
    const release = await held;
    const stopped = desk.gateway.stop();
    release();
    const { response } = await opening;
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({
      errors: [{ extensions: { code: 'UNAVAILABLE', outcome: 'NOT_APPLIED', retryable: true } }],
    });
    await stopped;
  });

  it('breaks off at shutdown without being completed, so that its client comes again', async () => {
    const stream = await post({ query: QUOTES });
    await desk.gateway.stop();
    expect(await stream.next()).toBeNull();
  });
});
