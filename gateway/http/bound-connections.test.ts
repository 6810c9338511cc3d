import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { boundConnections } from './bound-connections.ts';
import { ClientOrigins } from './client-origins.ts';
import { serveWithoutUpgrade } from './serve-without-upgrade.ts';

const UPGRADE = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n';

const isAnswered = (socket: Socket) =>
  new Promise<boolean>((resolve) => {
    socket.once('data', () => resolve(true));
    socket.once('close', () => resolve(false));
  });

/** What a server with two places for each address answers to requests that come one after the other. */
async function answersTo(proxies: readonly string[], requests: readonly string[][]) {
  const server = createServer((_request, response) => response.end('yes'));
  server.on('upgrade', (request, stream, head: Buffer) =>
    serveWithoutUpgrade(server, request, stream, head),
  );
  boundConnections(server, new ClientOrigins(proxies), 2);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const open = [];
  const answers: boolean[] = [];
  for (const texts of requests) {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    open.push(socket);
    for (const text of texts) {
      socket.write(text);
      answers.push(await isAnswered(socket));
    }
  }
  for (const socket of open) socket.destroy();
  server.close();
  return answers;
}

it('an address has no more connections than there are places for it, whatever they ask for', async () => {
  const [often, once] = [[UPGRADE, UPGRADE, UPGRADE], [UPGRADE]];
  expect(await answersTo([], [often, once, once])).toEqual([true, true, true, true, false]);
});

it('a trusted proxy has as many as it likes', async () => {
  const one = [UPGRADE];
  expect(await answersTo(['127.0.0.1'], [one, one, one])).toEqual([true, true, true]);
});
