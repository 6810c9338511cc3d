import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, it } from 'vitest';
import { listeningOrigin } from './listening-origin.ts';

it.each([
  ['127.0.0.1', 'http://127.0.0.1'],
  ['::1', 'http://[::1]'],
])('a server at %s has an origin that can be called', async (host, origin) => {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  expect(listeningOrigin(server)).toBe(`${origin}:${port}`);
  server.close();
});
