import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import {
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request,
  type RequestOptions,
} from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DeskFixture, startDeskFixture } from '../fixtures/desk-fixture.ts';
import { SocketClient } from '../fixtures/socket-client.ts';
import { GatewayMetrics } from '../metrics/gateway-metrics.ts';
import { readManifest } from './operation-manifest.ts';

const TIME = 'query Time { serverTime }';
const PAGE = 'query Page($n: Int) { instruments(first: $n) { edges { node { symbol } } } }';
const QUOTES =
  'subscription Quotes { quoteChanged(symbols: ["A"]) { ... on QuoteUpdate { sequence } } }';
const BROKEN = '{ nothing }';
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
const persisted = (text: string) => ({ persistedQuery: { version: 1, sha256Hash: hashOf(text) } });
const file = path.join(tmpdir(), `operations-${randomUUID()}.json`);

let open: DeskFixture;
let closed: DeskFixture;
const metrics = new GatewayMetrics();
beforeAll(async () => {
  const manifest = [TIME, PAGE, QUOTES, BROKEN].map((text) => [hashOf(text), text]);
  await writeFile(file, JSON.stringify(Object.fromEntries(manifest)));
  const persistedOperations = { path: file, isOnly: false };
  open = await startDeskFixture({ persistedOperations, metrics });
  closed = await startDeskFixture({ persistedOperations: { path: file, isOnly: true } });
});
afterAll(async () => {
  for (const desk of [open, closed]) await desk.stop();
  await rm(file);
});
const get = (desk: DeskFixture, parameters: Record<string, string>) =>
  fetch(`${desk.origin}/graphql?${new URLSearchParams(parameters).toString()}`, {
    headers: { 'apollo-require-preflight': '1' },
  });

/** Ways to write the address of the endpoint so that it is routed there. */
const SPELLINGS = ['/graphql', '/%67raphql', '/graph%71l', '/graphql#', '<origin>/graphql'];

/** Sends an address as it is written; `fetch` would tidy it. */
async function send(path: string, options: RequestOptions, operation?: object) {
  const { hostname, port } = new URL(closed.origin);
  const sent = request({ ...options, path, hostname, port, agent: false });
  sent.end(operation && JSON.stringify(operation));
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: answer.statusCode ?? 0, body: await text(answer) };
}
const JSON_BODY = { 'content-type': 'application/json' };
const postTo = (path: string, headers: OutgoingHttpHeaders, operation: object) =>
  send(path, { method: 'POST', headers: { ...headers, ...JSON_BODY } }, operation);
const getFrom = (path: string, headers: OutgoingHttpHeaders) =>
  send(path, { headers: { ...headers, 'apollo-require-preflight': '1' } });

describe('a registered operation', () => {
  it('runs by its hash in either form, by POST and by GET', async () => {
    for (const desk of [open, closed]) {
      const statuses = [
        await desk.post({ documentId: hashOf(TIME) }),
        await desk.post({ documentId: `sha256:${hashOf(TIME)}`, operationName: 'Time' }),
        await desk.post({ extensions: persisted(TIME) }),
        await desk.post({ query: TIME, extensions: persisted(TIME) }),
        await desk.post({ query: TIME }),
        await get(desk, { documentId: hashOf(TIME) }),
        await get(desk, { extensions: JSON.stringify(persisted(TIME)) }),
        await get(desk, { query: TIME, extensions: JSON.stringify(persisted(TIME)) }),
        await get(desk, { documentId: hashOf(PAGE), variables: '{"n":1}' }),
      ].map(({ status }) => status);
      expect(statuses).toEqual(statuses.map(() => 200));
    }
  });

  it('runs by its hash over a socket and as an event stream', async () => {
    const client = await SocketClient.connect(closed.origin);
    const payload = (text: string) => ({ query: '', extensions: persisted(text) });
    client.send({ id: '1', type: 'subscribe', payload: payload(TIME) });
    expect(await client.next()).toMatchObject({ type: 'next', id: '1' });
    expect(await client.next()).toMatchObject({ type: 'complete', id: '1' });
    client.send({ id: '2', type: 'subscribe', payload: payload(QUOTES) });
    await expect.poll(() => closed.world.quotesOf('A').open).toBe(1);
    closed.world.pushQuote('A', 1);
    expect(await client.next()).toMatchObject({ type: 'next', id: '2' });
    client.send({ id: '3', type: 'subscribe', payload: { query: '{ serverTime }' } });
    expect(await client.next()).toMatchObject({
      type: 'error',
      id: '3',
      payload: [{ extensions: { code: 'FORBIDDEN', reason: 'NOT_REGISTERED' } }],
    });
    await client.close();
    const response = await fetch(`${closed.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ documentId: hashOf(TIME) }),
    });
    expect(await response.text()).toContain('event: next\ndata: {"data":{"serverTime"');
  });

  it('is planned before it is asked for, and a broken one is logged', async () => {
    const misses = async () =>
      /plan_lookups_total\{result="miss"\} (\d+)/.exec(await metrics.text());
    const before = (await misses())?.[1];
    await open.post({ documentId: hashOf(PAGE), variables: { n: 1 }, operationName: 'Page' });
    await open.post({ query: PAGE, variables: { n: 1 } });
    expect((await misses())?.[1]).toBe(before);
    expect(open.log).toContainEqual(
      expect.objectContaining({
        msg: 'a registered operation is not executable',
        hash: hashOf(BROKEN),
      }),
    );
  });
});

describe('a request', () => {
  it('registers nothing, and cannot pass a text off as another', async () => {
    const other = 'query Other { serverTime }';
    const codes = [
      await open.post({ extensions: persisted(other) }),
      await open.post({ query: other, extensions: persisted(other) }),
      await open.post({ extensions: persisted(other) }),
      await open.post({ query: other, extensions: persisted(TIME) }),
      await open.post({ extensions: { persistedQuery: { version: 1, sha256Hash: {} } } }),
      await open.post({ documentId: 7 }),
      await open.post({ documentId: '__proto__' }),
    ].map(({ status, json }) => json.errors?.[0]?.extensions['code'] ?? status);
    expect(codes).toEqual([
      ...['PERSISTED_QUERY_NOT_FOUND', 200, 'PERSISTED_QUERY_NOT_FOUND'],
      ...['BAD_USER_INPUT', 'BAD_USER_INPUT', 'BAD_USER_INPUT', 'PERSISTED_QUERY_NOT_FOUND'],
    ]);
  });

  it('of anything else is refused where only registered operations run', async () => {
    closed.world.calls.length = 0;
    for (const query of [
      '{ serverTime }',
      `${TIME} `,
      '{ __typename }',
      'mutation { signOut { __typename } }',
    ]) {
      const { status, json } = await closed.post({ query });
      expect(status).toBe(403);
      expect(json.errors?.[0]?.extensions).toMatchObject({ reason: 'NOT_REGISTERED' });
    }
    expect((await get(closed, { query: '{ serverTime }' })).status).toBe(403);
    expect(closed.world.calls).toEqual([]);
  });

  it.each(SPELLINGS)('is refused too where its address is spelt %s', async (spelling) => {
    closed.world.calls.length = 0;
    const address = spelling.replace('<origin>', closed.origin);
    for (const accept of ['application/json', 'text/event-stream'])
      for (const { status, body } of [
        await postTo(address, { accept }, { query: '{ serverTime }' }),
        await getFrom(`${address}?query=%7BserverTime%7D`, { accept }),
      ])
        expect([status < 500, body.includes('"data":{"serverTime"')]).toEqual([true, false]);
    expect(closed.world.calls).toEqual([]);
    expect(await postTo(address, {}, { documentId: hashOf(TIME) })).toMatchObject({
      status: 200,
      body: expect.stringContaining('serverTime') as string,
    });
  });

  it('is not read out of what follows a registered one', async () => {
    closed.world.calls.length = 0;
    const registered = new URLSearchParams({ query: PAGE, variables: '{"n":1}' }).toString();
    for (const more of ['&query=%7BserverTime%7D', '#&query=%7BserverTime%7D'])
      await getFrom(`/graphql?${registered}${more}`, {});
    expect(closed.world.calls.filter((call) => call.includes('serverTime'))).toEqual([]);
  });

  it('that is signed is checked over its address as it came', async () => {
    closed.world.addTrader('key-anna', { userId: 'anna', accounts: [], scopes: ['market:read'] });
    const address = `/graphql?documentId=${hashOf(TIME)}`;
    for (const accept of ['application/json', 'text/event-stream']) {
      closed.world.signatures.length = 0;
      const signed = { 'x-api-key': 'key-anna', 'x-signature': 's', 'x-nonce': randomUUID() };
      const { status, body } = await getFrom(address, { ...signed, accept, 'x-timestamp': '1' });
      expect([status, body]).toEqual([200, expect.stringContaining('serverTime')]);
      expect(closed.world.signatures).toMatchObject([{ method: 'GET', path: address }]);
    }
  });
});

describe('a manifest', () => {
  it.each([
    ['whose hash is another', JSON.stringify({ [hashOf('a')]: 'b' }), 'is not the hash'],
    ['of another form', '{"version":1}', 'is no manifest'],
    ['of which a part is missing', `{"${hashOf('a')}":"`, `${file}.bad is no manifest`],
  ])('%s is refused', async (_name, text, message) => {
    const bad = `${file}.bad`;
    await writeFile(bad, text);
    await expect(readManifest(bad)).rejects.toThrow(message);
    await rm(bad);
  });
});
