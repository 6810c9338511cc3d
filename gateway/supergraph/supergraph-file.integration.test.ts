import { once } from 'node:events';
import { mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { supergraphSdl } from '../fixtures/composed-schema.ts';
import { type DeskFixture, startDeskFixture } from '../fixtures/desk-fixture.ts';
import { SocketClient } from '../fixtures/socket-client.ts';

const WITHIN = { timeout: 25_000, interval: 20 };
/** Composed schemas are built several times, and a test waits more than once: on a busy machine for long. */
const PATIENT = { timeout: 90_000 };
const TAKEN = 'a changed supergraph is in force';
const REFUSED = 'a changed supergraph was rejected; the previous one remains in force';

/** The supergraph with a field more, which no running plan knows of. */
const extended = changed(
  /type Instrument\n(.*\n)*?\{\n/,
  (head) => `${head}  nickname: String @join__field(graph: MARKET_DATA)\n\n`,
);
/** The supergraph with another scope for one field. */
const guarded = changed(/(serverTime: .*)market:read/, '$1keys:write');
/** The supergraph with a scope for part of a quote's event that nobody in particular has. */
const closed = changed(
  /type QuoteUpdate\n(?:.*\n)*? {2}conflated: \S+/,
  (field) => `${field} @requiresScopes(scopes: [["keys:write"]])`,
);
/** The supergraph without what a stream of quotes may select. */
const shortened = changed(/(type QuoteUpdate\n[^}]*?)\n {2}"""[^"]*"""\n {2}conflated: .*\n/, '$1');

const ANSWER = { data: { serverTime: '2026-01-01T00:00:00.000Z' } };
/**
 * A subgraph in a thread of its own, which tells its port: this one is busy with the supergraph, on a slow
 * machine for longer than a query may take.
 */
const SUBGRAPH = `
  const { createServer } = require('node:http');
  const { parentPort } = require('node:worker_threads');
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    setTimeout(() => response.end(${JSON.stringify(JSON.stringify(ANSWER))}), 50);
  });
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
`;

let desk: DeskFixture;
let folder: string;
let path: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'deskgraph-supergraph-'));
  path = join(folder, 'supergraph.graphql');
  writeFileSync(path, supergraphSdl);
  desk = await startDeskFixture({ supergraphPath: path });
});
afterEach(async () => {
  await desk.stop();
  rmSync(folder, { recursive: true, force: true });
});

const lines = (line: string) => desk.log.filter(({ msg }) => msg === line).length;
const fieldsOfInstrument = async () => {
  const { json } = await desk.post({ query: '{ __type(name: "Instrument") { fields { name } } }' });
  return JSON.stringify(json.data);
};
const quotes = (selection: string) =>
  `subscription { quoteChanged(symbols: ["BTC-USDT"]) { ... on QuoteUpdate { ${selection} } } }`;

describe('a changed supergraph', PATIENT, () => {
  it('is put in force while requests are under way, and none is dropped', async () => {
    await desk.stop();
    const worker = new Worker(SUBGRAPH, { eval: true });
    const [port] = (await once(worker, 'message')) as [number];
    const passportKey = { kid: 'gateway.1', secret: 'a secret of this test' };
    const address = { url: `http://127.0.0.1:${port}`, passportKey };
    const subgraphs = { account: address, 'market-data': address, order: address };
    desk = await startDeskFixture({ supergraphPath: path, subgraphs });
    const answers: unknown[] = [];
    const keepAsking = async () => {
      while (lines(TAKEN) === 0) answers.push(await desk.post({ query: '{ serverTime }' }));
    };
    const askers = Array.from({ length: 8 }, keepAsking);
    writeFileSync(path, extended);
    await expect.poll(() => lines(TAKEN), WITHIN).toBe(1);
    await Promise.all(askers);
    // Asked for together, schema and data are answered by Apollo's executor.
    const query = '{ serverTime __type(name: "Instrument") { fields { name } } }';
    const mixed = JSON.stringify(await desk.post({ query }));
    expect(mixed).toContain(ANSWER.data.serverTime);
    expect(mixed).toContain('nickname');
    await worker.terminate();
    expect(await fieldsOfInstrument()).toContain('nickname');
    const good = { status: 200, json: ANSWER };
    expect(answers.length).toBeGreaterThan(askers.length);
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(
      new Set([JSON.stringify(good)]),
    );
  });

  it('is found however the file is replaced', async () => {
    writeFileSync(`${path}.new`, extended);
    renameSync(`${path}.new`, path);
    await expect.poll(() => lines(TAKEN), WITHIN).toBe(1);
    const other = join(folder, 'other.graphql');
    writeFileSync(other, supergraphSdl);
    rmSync(path);
    symlinkSync(other, path);
    await expect.poll(() => lines(TAKEN), WITHIN).toBe(2);
    expect(await fieldsOfInstrument()).not.toContain('nickname');
  });

  it('is reported as refused each time that a link leads to it, and not while it stays', async () => {
    const [good, bad] = ['good', 'bad'].map((name) => join(folder, name)) as [string, string];
    writeFileSync(good, extended);
    writeFileSync(bad, 'nonsense');
    const lead = (target: string) => {
      symlinkSync(target, `${path}.new`);
      renameSync(`${path}.new`, path);
    };
    for (const round of [1, 2]) {
      lead(bad);
      await expect.poll(() => lines(REFUSED), WITHIN).toBe(round);
      lead(good);
      await expect.poll(() => lines(TAKEN), WITHIN).toBe(round);
    }
    expect(lines(REFUSED)).toBe(2);
  });

  it('that differs in its rules of access alone is in force as well', async () => {
    expect((await desk.post({ query: '{ serverTime }' })).status).toBe(200);
    writeFileSync(path, guarded);
    await expect.poll(() => lines(TAKEN), WITHIN).toBe(1);
    const { status, json } = await desk.post({ query: '{ serverTime }' });
    expect([status, json.errors?.[0]?.extensions['code']]).toEqual([401, 'UNAUTHENTICATED']);
    expect((await desk.post({ query: '{ instrument(symbol: "A") { symbol } }' })).status).toBe(200);
  });

  it.each([
    [
      'has a rule of access that is not enforced',
      supergraphSdl.replace('/authenticated/', '/policy/'),
    ],
    ['is no schema', 'nonsense'],
    ['is empty', ''],
    ['names a subgraph that is not ours', supergraphSdl.replaceAll('market-data', 'elsewhere')],
  ])('that %s is refused, and the last one stays', async (_what, text) => {
    const client = await SocketClient.connect(desk.origin);
    client.subscribe('1', quotes('sequence'));
    await expect.poll(() => desk.world.quotesOf('BTC-USDT').open, WITHIN).toBe(1);
    writeFileSync(path, text);
    await expect.poll(() => lines(REFUSED), WITHIN).toBe(1);
    desk.world.pushQuote('BTC-USDT', 1);
    expect(await client.next()).toMatchObject({ id: '1', type: 'next' });
    expect((await desk.post({ query: '{ serverTime }' })).status).toBe(200);
    expect((await fetch(`${desk.origin}/health/ready`)).status).toBe(200);
    writeFileSync(path, extended);
    await expect.poll(() => lines(TAKEN), WITHIN).toBe(1);
    expect(lines(REFUSED)).toBe(1);
  });
});

describe('a running subscription', PATIENT, () => {
  it('goes on where its plan is the same, and those who come later share it', async () => {
    const client = await SocketClient.connect(desk.origin);
    client.subscribe('1', quotes('sequence quote { instrument { base { name } } }'));
    await expect.poll(() => desk.world.quotesOf('BTC-USDT').open, WITHIN).toBe(1);
    writeFileSync(path, extended);
    await expect.poll(() => lines(TAKEN), WITHIN).toBe(1);
    client.subscribe('2', quotes('sequence quote { instrument { base { name } } }'));
    await client.settle();
    desk.world.pushQuote('BTC-USDT', 7);
    const payload = {
      data: {
        quoteChanged: { sequence: '7', quote: { instrument: { base: { name: 'The BTC' } } } },
      },
    };
    expect(await client.next()).toEqual({ id: '1', type: 'next', payload });
    expect(await client.next()).toEqual({ id: '2', type: 'next', payload });
    expect(desk.world.quotesOf('BTC-USDT').opened).toBe(1);
  });

  it('ends where its viewer may not ask for it any more, and nobody can ask for it again', async () => {
    const client = await SocketClient.connect(desk.origin);
    client.subscribe('closed', quotes('sequence conflated'));
    client.subscribe('open', quotes('sequence'));
    await expect.poll(() => desk.world.quotesOf('BTC-USDT').open, WITHIN).toBe(2);
    writeFileSync(path, closed);
    const refused = { type: 'error', payload: [{ extensions: { code: 'UNAUTHENTICATED' } }] };
    expect(await client.next()).toMatchObject({ id: 'closed', ...refused });
    desk.world.pushQuote('BTC-USDT', 1);
    expect(await client.next()).toMatchObject({ id: 'open', type: 'next' });
    client.subscribe('closed', quotes('sequence conflated'));
    expect(await client.next()).toMatchObject({ id: 'closed', ...refused });
  });

  it('ends if it is no longer valid, is told why, and leaves nothing open', async () => {
    const client = await SocketClient.connect(desk.origin);
    client.subscribe('old', quotes('sequence conflated'));
    client.subscribe('same', quotes('sequence'));
    client.subscribe('private', 'subscription { orderEvents(accountId: "a") { __typename } }');
    expect(await client.next()).toMatchObject({ id: 'private', type: 'error' });
    await expect.poll(() => desk.world.quotesOf('BTC-USDT').open, WITHIN).toBe(2);
    writeFileSync(path, shortened);
    expect(await client.next()).toMatchObject({
      id: 'old',
      type: 'error',
      payload: [{ extensions: { code: 'SUBSCRIPTION_SCHEMA_RELOAD', retryable: true } }],
    });
    desk.world.pushQuote('BTC-USDT', 1);
    expect(await client.next()).toMatchObject({ id: 'same', type: 'next' });
    await expect.poll(() => desk.world.quotesOf('BTC-USDT').open, WITHIN).toBe(1);
    client.subscribe('old', quotes('sequence conflated'));
    expect(await client.next()).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
    });
  });
});

/** The committed supergraph with one change, which must be one. */
function changed(pattern: RegExp, by: string | ((match: string) => string)): string {
  const text = supergraphSdl.replace(pattern, by as string);
  expect(text).not.toBe(supergraphSdl);
  return text;
}
