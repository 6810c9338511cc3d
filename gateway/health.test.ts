import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { fastify } from 'fastify';
import { expect, it } from 'vitest';
import { freePort } from '#shared/environment/free-port.ts';
import { serveHealth } from './health.ts';

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
    origins: new Map([['order', `http://127.0.0.1:${port}`]]),
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
  const origins = new Map([['account', `http://127.0.0.1:${await freePort()}`]]);
  const health = serveHealth(app, { origins, isLoaded: () => false });
  const answer = await app.inject('/health/ready');
  expect([answer.statusCode, answer.json()]).toEqual([
    503,
    { status: 'not ready', waitingFor: ['account', 'supergraph'] },
  ]);
  health.stop();
  await app.close();
});
