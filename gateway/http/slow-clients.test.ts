// Clients that open a connection and hardly say anything, on real sockets. The limits are short here;
// what is asserted is who is cut off and who is not, and never when.
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SLOW_CLIENT_LIMITS } from '#shared/http/slow-clients.ts';
import { RawClient } from '#shared/http/test-raw-client.ts';
import { FixtureWorld } from '../fixtures/fixture-world.ts';
import { createFixtureSubgraph } from '../fixtures/subgraph-fixtures.ts';
import { AllowedOrigins } from './allowed-origins.ts';
import { ClientOrigins } from './client-origins.ts';
import { createHttpApp } from './create-http-app.ts';

const LOOPBACK = { host: '127.0.0.1', port: 0 };
const logger = pino({ level: 'silent' });
const slowClients = { headersMs: 100, requestMs: 200, checkMs: 20 };
/** For tests in which somebody is in time, as a busy machine calculates it. */
const patient = { slowClients: { headersMs: 1000, requestMs: 2000, checkMs: 20 } };
const parts = { origins: new AllowedOrigins([]), clients: new ClientOrigins([]), logger };

const HEAD = ['POST /graphql HTTP/1.1', 'Host: desk', 'Content-Type: application/json'];
const SLOW: readonly (readonly [string, (client: RawClient) => RawClient])[] = [
  ['says nothing at all', (client) => client],
  ['never ends its request line', (client) => client.drip('GET /')],
  ['never ends its headers', (client) => client.send(...HEAD).drip()],
  ['never begins its body', (client) => client.send(...HEAD, 'Content-Length: 9', '')],
  ['never ends its body', (client) => client.send(...HEAD, 'Content-Length: 99999', '').drip()],
  [
    'never ends its chunk',
    (client) => client.send(...HEAD, 'Transfer-Encoding: chunked', '', 'ffff').drip(),
  ],
];

describe.each(['the gateway', 'a subgraph'])('a client of %s that', (server) => {
  let origin: string;
  let stop: () => Promise<unknown>;
  const bodies: unknown[] = [];
  beforeAll(async () => {
    if (server === 'a subgraph') {
      const options = { passportKeys: [], logger, slowClients };
      const subgraph = await createFixtureSubgraph('account', new FixtureWorld(), options);
      origin = await subgraph.listen(LOOPBACK);
      stop = () => subgraph.stop();
      return;
    }
    const app = createHttpApp({ ...parts, slowClients });
    app.post('/graphql', ({ body }) => void bodies.push(body));
    origin = await app.listen(LOOPBACK);
    stop = () => app.close();
  });
  afterAll(() => stop());

  it.each(SLOW)('%s is answered 408 and cut off', async (_what, attack) => {
    const reply = await attack(new RawClient(origin)).closed;
    expect(reply).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
    expect(bodies).toEqual([]);
  });
});

describe('slow clients', () => {
  it('are cut off on a connection that was good before', async () => {
    const app = createHttpApp({ ...parts, ...patient });
    app.get('/', () => 'good');
    const client = new RawClient(await app.listen(LOOPBACK)).send('GET / HTTP/1.1', 'Host: x', '');
    await client.receives(/good$/);
    expect(await client.send(...HEAD).drip().closed).toMatch(/good.*HTTP\/1\.1 408/s);
    await app.close();
  });

  it('do no harm to others, nor to an answer that takes longer than a request may', async () => {
    const app = createHttpApp({ ...parts, ...patient });
    let asked = () => {};
    const isAsked = new Promise<void>((resolve) => (asked = resolve));
    let answer = () => {};
    const mayAnswer = new Promise<void>((resolve) => (answer = resolve));
    app.get('/slow', () => (asked(), mayAnswer.then(() => 'at last')));
    app.get('/fast', () => 'at once');
    const origin = await app.listen(LOOPBACK);
    const text = async (path: string) => (await fetch(`${origin}${path}`)).text();
    const slow = text('/slow');
    await isAsked;
    const attackers = Array.from({ length: 100 }, () => new RawClient(origin).send(...HEAD).drip());
    expect(await text('/fast')).toBe('at once');
    await Promise.all(attackers.map(({ closed }) => closed)); // all came later than the slow answer
    answer();
    expect(await slow).toBe('at last');
    await app.close();
  });

  it('have ten seconds for headers and fifteen for all of a request', async () => {
    const app = createHttpApp(parts);
    expect(app.server).toMatchObject({ headersTimeout: 10_000, requestTimeout: 15_000 });
    expect(SLOW_CLIENT_LIMITS.checkMs).toBeLessThanOrEqual(1000);
    await app.close();
  });
});

describe('a flood of headers', () => {
  it('is answered 431 before it becomes an upgrade', async () => {
    const app = createHttpApp(parts);
    const upgrades: unknown[] = [];
    app.server.on('upgrade', (_request, socket) => upgrades.push(socket.destroy()));
    app.get('/graphql', () => 'never');
    await app.listen(LOOPBACK);
    const { port } = app.server.address() as AddressInfo;
    const flood = Array.from({ length: 2000 }, (_, index) => `x-flood-${index}: 1`);
    const upgrade = [
      'GET /graphql HTTP/1.1',
      'Host: x',
      'Connection: Upgrade',
      'Upgrade: websocket',
    ];
    const { closed } = new RawClient(`http://127.0.0.1:${port}`).send(...upgrade, ...flood, '');
    expect(await closed).toMatch(/^HTTP\/1\.1 431 /);
    expect(upgrades).toEqual([]);
    await app.close();
  });
});
