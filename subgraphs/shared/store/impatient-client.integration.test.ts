import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sharePostgres } from './postgres-adapter.ts';

/** One message of PostgreSQL's protocol. */
function message(type: string, content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(content.length + length.length);
  return Buffer.concat([Buffer.from(type), length, content]);
}

const AUTHENTICATED = message('R', Buffer.alloc(4));
const READY = message('Z', Buffer.from('I'));
const ENDED = message('E', Buffer.from('SFATAL\0C57P01\0Mterminating connection\0\0'));

/** Ends each connection in the packet that says that it can be used, as PostgreSQL can when it is stopped. */
const server = createServer((socket) => {
  socket.on('error', () => undefined);
  socket.once('data', () => socket.end(Buffer.concat([AUTHENTICATED, READY, ENDED])));
});
const unheard: unknown[] = [];
const note = (cause: unknown) => unheard.push(cause);
beforeAll(async () => {
  process.on('uncaughtExceptionMonitor', note);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  process.off('uncaughtExceptionMonitor', note);
  await new Promise((resolve) => server.close(resolve));
});

it('ends no process when a connection is lost before anybody who waits for it has it', async () => {
  const { port } = server.address() as AddressInfo;
  const { adapter, close } = sharePostgres({
    ...{ databaseUrl: `postgresql://desk:secret@127.0.0.1:${port}/desk`, connections: 1 },
    onConnectionError: () => undefined,
  });
  const connection = await adapter.connect();
  await expect(connection.startTransaction()).rejects.toThrow();
  await connection.dispose();
  await close();
  expect(unheard).toEqual([]);
});
