import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { fastify } from 'fastify';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { systemClock } from '#shared/domain/clock.ts';
import { freePort } from '#shared/environment/free-port.ts';
import { createFixtureSubgraph } from './fixtures/subgraph-fixtures.ts';
import { FixtureWorld } from './fixtures/fixture-world.ts';
import { serveHealth } from './health.ts';

const passportKey = { kid: 'gateway.1', secret: 'a secret of this test' };

it('readiness is told to many at once by few looks', async () => {
  let looks = 0;
  const subgraph = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', () => {
      looks += 1;
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
    });
  }).listen(0, '127.0.0.1');
  await once(subgraph, 'listening');
  const { port } = subgraph.address() as AddressInfo;
  const app = fastify();
  const health = serveHealth(app, {
    subgraphs: [{ name: 'order', url: `http://127.0.0.1:${port}`, passportKey }],
    clock: systemClock,
    isLoaded: () => true,
  });
  const ask = async () => (await app.inject('/health/ready')).statusCode;
  const answers = await Promise.all(Array.from({ length: 500 }, ask));
  expect(new Set(answers)).toEqual(new Set([200]));
  expect(looks).toBeLessThan(50);
  expect(await ask()).toBe(200);
  health.stop();
  await app.close();
  subgraph.close();
});

it('a gateway that is not ready names what it waits for', async () => {
  const app = fastify();
  const url = `http://127.0.0.1:${await freePort()}`;
  const health = serveHealth(app, {
    subgraphs: [{ name: 'account', url, passportKey }],
    clock: systemClock,
    isLoaded: () => false,
  });
  const answer = await app.inject('/health/ready');
  expect([answer.statusCode, answer.json()]).toEqual([
    503,
    { status: 'not ready', waitingFor: ['account', 'supergraph'] },
  ]);
  health.stop();
  await app.close();
});

it.each([
  ['accepts its passports', passportKey, []],
  [
    'refuses its passports',
    { ...passportKey, secret: 'the secret of another desk' },
    ['order (it refuses the passports of the gateway)'],
  ],
])('a gateway learns whether a part that is ready %s', async (_what, key, waitingFor) => {
  const parts = {
    passportKeys: [passportKey],
    clock: systemClock,
    logger: pino({ level: 'silent' }),
  };
  const world = new FixtureWorld();
  const subgraph = await createFixtureSubgraph('order', world, parts);
  const url = await subgraph.listen({ host: '127.0.0.1', port: 0 });
  const app = fastify();
  const health = serveHealth(app, {
    subgraphs: [{ name: 'order', url, passportKey: key }],
    clock: systemClock,
    isLoaded: () => true,
  });
  const answer = await app.inject('/health/ready');
  expect(answer.statusCode).toBe(waitingFor.length === 0 ? 200 : 503);
  expect(answer.json<{ waitingFor?: string[] }>().waitingFor ?? []).toEqual(waitingFor);
  health.stop();
  await Promise.all([app.close(), subgraph.stop()]);
});
