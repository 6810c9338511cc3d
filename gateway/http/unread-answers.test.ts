// Clients that ask for a long answer and hardly read it, on real sockets. The limits are short here;
// what is asserted is who is cut off and who is not, and never when.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterEach, expect, it } from 'vitest';
import { AllowedOrigins } from './allowed-origins.ts';
import { ClientOrigins } from './client-origins.ts';
import { createHttpApp } from './create-http-app.ts';
import { READING_LIMITS, type ReadingLimits } from './unread-answers.ts';

/** More than the kernel takes for both sides. */
const LONG = 'x'.repeat(48 * 1024 * 1024);
const NEVER_MS = 600_000;

const parts = {
  origins: new AllowedOrigins([]),
  clients: new ClientOrigins([]),
  logger: pino({ level: 'silent' }),
};

let app: FastifyInstance;
let client: Socket;
afterEach(async () => {
  client.destroy();
  await app.close();
});

/** Asks for the long answer twice in a row. @returns what resolves when the server has hung up */
async function ask(reading: ReadingLimits): Promise<{ readonly hungUp: Promise<unknown> }> {
  app = createHttpApp({ ...parts, reading });
  app.get('/', () => LONG);
  const { port } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }));
  const accepted = once(app.server, 'connection') as Promise<[Socket]>;
  client = connect(Number(port), '127.0.0.1');
  client.on('error', () => {}); // a reset is an end as well
  client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(2));
  const [socket] = await accepted;
  return { hungUp: once(socket, 'close') as Promise<unknown> };
}

it('one that reads nothing is cut off', async () => {
  const { hungUp } = await ask({ stalledMs: 50, answerMs: NEVER_MS, bytesPerMs: 1 });
  await hungUp;
});

it('one that reads a little now and then is cut off', async () => {
  const { hungUp } = await ask({ stalledMs: NEVER_MS, answerMs: 50, bytesPerMs: LONG.length });
  const sip = setInterval(() => void client.read(1), 5);
  await hungUp;
  clearInterval(sip);
});

it('one that reads both answers has all of both', async () => {
  await ask({ stalledMs: 20_000, answerMs: 20_000, bytesPerMs: 1 });
  let length = 0;
  for await (const chunk of client) {
    length += (chunk as Buffer).length;
    if (length > 2 * LONG.length) break;
  }
  expect(length).toBeGreaterThan(2 * LONG.length);
});

it('all have a minute, and longer for a long answer', () => {
  expect(READING_LIMITS).toEqual({ stalledMs: 60_000, answerMs: 60_000, bytesPerMs: 16 });
});
