import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { fastify } from 'fastify';
import { expect, it } from 'vitest';
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
    origins: [`http://127.0.0.1:${port}`],
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
