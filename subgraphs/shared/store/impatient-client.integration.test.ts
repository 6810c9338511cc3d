import { type AddressInfo, createServer, type Server } from 'node:net';
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

const BEGUN = message('C', Buffer.from('BEGIN\0'));

/** Ends each connection in the packet that says that it can be used, as PostgreSQL can when it is stopped. */
const server = createServer((socket) => {
  socket.on('error', () => undefined);
  socket.once('data', () => socket.end(Buffer.concat([AUTHENTICATED, READY, ENDED])));
});
/** Lets a transaction begin, and answers nothing after that, as a machine that is overloaded. */
const silent = createServer((socket) => {
  socket.on('error', () => undefined);
  socket.once('data', () => {
    socket.once('data', () => socket.write(Buffer.concat([BEGUN, READY])));
    socket.write(Buffer.concat([AUTHENTICATED, READY]));
  });
});
const unheard: unknown[] = [];
const note = (cause: unknown) => unheard.push(cause);
beforeAll(async () => {
  process.on('uncaughtExceptionMonitor', note);
  for (const one of [server, silent])
    await new Promise<void>((resolve) => one.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  process.off('uncaughtExceptionMonitor', note);
  for (const one of [server, silent]) await new Promise((resolve) => one.close(resolve));
});

function connectTo(to: Server) {
  const { port } = to.address() as AddressInfo;
  return sharePostgres({
    ...{ databaseUrl: `postgresql://desk:secret@127.0.0.1:${port}/desk`, connections: 1 },
    ...{ onConnectionError: () => undefined, statementTimeoutMs: 1 },
  });
}

it('ends no process when a connection is lost before anybody who waits for it has it', async () => {
  const { adapter, close } = connectTo(server);
  const connection = await adapter.connect();
  await expect(connection.startTransaction()).rejects.toThrow();
  await connection.dispose();
  await close();
  expect(unheard).toEqual([]);
});

it('says of a transaction that got no answer in time that this was why, also where it is rolled back', async () => {
  const { adapter, close } = connectTo(silent);
  const connection = await adapter.connect();
  const transaction = await connection.startTransaction();
  const ask = { sql: 'SELECT 1', args: [], argTypes: [] };
  await expect(transaction.queryRaw(ask)).rejects.toThrow('Query read timeout');
  await expect(transaction.executeRaw({ ...ask, sql: 'ROLLBACK' })).rejects.toThrow(
    'Query read timeout',
  );
  await transaction.rollback();
  await connection.dispose();
  await close();
});
