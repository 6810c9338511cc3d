// Clients that send their next requests before they have read an answer, on real sockets.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { AllowedOrigins } from './allowed-origins.ts';
import { ClientOrigins } from './client-origins.ts';
import { createHttpApp } from './create-http-app.ts';
import { MOST_WAITING } from './one-at-a-time.ts';

const NEVER_MS = 600_000;

let app: FastifyInstance;
let clients: Socket[];
let received: string;
/** The paths of the requests that were begun, in order. */
let begun: string[];
/** Sends the answer to a request that was begun. */
let answers: Map<string, () => void>;
beforeEach(() => {
  [clients, received, begun, answers] = [[], '', [], new Map()];
});
afterEach(async () => {
  vi.useRealTimers();
  for (const client of clients) client.destroy();
  await app.close();
});

async function listen(answerMs = NEVER_MS): Promise<void> {
  app = createHttpApp({
    origins: new AllowedOrigins([]),
    clients: new ClientOrigins([]),
    logger: pino({ level: 'silent' }),
    reading: { stalledMs: NEVER_MS, answerMs, bytesPerMs: 1 },
  });
  app.get('/at-once/:which', ({ url }) => {
    begun.push(url);
    return `[${url}]`;
  });
  app.get('/held/:which', ({ url }) => {
    begun.push(url);
    return new Promise((resolve) => answers.set(url, () => resolve(`[${url}]`)));
  });
  app.get('/stream', (_request, reply) => {
    reply.hijack();
    const beat = setInterval(() => reply.raw.write(':\n\n'), 5);
    reply.raw.once('close', () => clearInterval(beat));
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
}

const requestOf = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;

/** Sends all of these in one packet. */
function send(...paths: string[]): Socket {
  const { port } = app.server.address() as { readonly port: number };
  const client = connect(port, '127.0.0.1');
  client.on('error', () => {}); // a reset is an end as well
  client.on('data', (chunk) => (received += chunk.toString()));
  client.write(paths.map(requestOf).join(''));
  clients.push(client);
  return client;
}

const answered = () => received.match(/\[[^\]]+\]/g) ?? [];

it('are begun one after the other, each when the one before is answered', async () => {
  await listen();
  send('/held/1', '/at-once/2', '/held/3');
  await expect.poll(() => begun).toEqual(['/held/1']);
  send('/at-once/other');
  await expect.poll(answered).toEqual(['[/at-once/other]']);
  expect(begun).toEqual(['/held/1', '/at-once/other']);
  answers.get('/held/1')?.();
  await expect.poll(() => begun.slice(2)).toEqual(['/at-once/2', '/held/3']);
  answers.get('/held/3')?.();
  await expect.poll(() => answered().slice(1)).toEqual(['[/held/1]', '[/at-once/2]', '[/held/3]']);
});

it('let others have a turn between any two', async () => {
  await listen();
  let [turn, isCounting] = [0, true];
  const count = () => {
    turn += 1;
    if (isCounting) setImmediate(count);
  };
  count();
  const turns: number[] = [];
  app.server.on('request', (_request, response) => response.once('finish', () => turns.push(turn)));
  send(...Array.from({ length: 10 }, (_, index) => `/at-once/${index}`));
  await expect.poll(answered).toHaveLength(10);
  isCounting = false;
  expect(new Set(turns).size).toBe(10);
});

it('are not begun if their client leaves before', async () => {
  await listen();
  const accepted = once(app.server, 'connection') as Promise<[Socket]>;
  const client = send('/held/1', '/at-once/2', '/at-once/3');
  const [socket] = await accepted;
  await expect.poll(() => begun).toEqual(['/held/1']);
  client.destroy();
  await once(socket, 'close');
  answers.get('/held/1')?.();
  send('/at-once/other');
  await expect.poll(answered).toEqual(['[/at-once/other]']);
  expect(begun).toEqual(['/held/1', '/at-once/other']);
});

it('are cut off if they are too many', async () => {
  await listen();
  const many = (count: number) => Array.from({ length: count }, (_, index) => `/held/${index}`);
  const patient = send(...many(1 + MOST_WAITING));
  await expect.poll(() => begun).toHaveLength(1);
  const greedy = send(...many(2 + MOST_WAITING));
  await once(greedy, 'close');
  expect([begun.length, patient.destroyed]).toEqual([2, false]);
});

it('are cut off behind an answer that has no end', async () => {
  await listen(50);
  await once(send('/stream', '/at-once/never'), 'close');
  expect([answered(), begun]).toEqual([[], []]);
});

it.each([
  ['an address that cannot be read', requestOf('/%'), 400],
  ['what nobody can expect', 'GET / HTTP/1.1\r\nHost: x\r\nExpect: x\r\n\r\n', 417],
])('are not begun behind the answer to %s, which passes no hook', async (_what, bad, status) => {
  await listen();
  const client = send();
  client.write(bad + ['/held/1', '/at-once/2'].map(requestOf).join(''));
  await once(client, 'close');
  expect(received).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(begun).toEqual([]);
});

it.each([
  ['when they are begun', true],
  ['when their client has left', false],
])('are watched no longer %s', async (_when, isAnswered) => {
  await listen();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const client = send('/held/1', ...Array<string>(MOST_WAITING).fill('/at-once/2'));
  await expect.poll(() => begun).toHaveLength(1);
  expect(vi.getTimerCount()).toBe(MOST_WAITING);
  if (isAnswered) answers.get('/held/1')?.();
  else client.destroy();
  await expect.poll(() => vi.getTimerCount()).toBe(0);
});
