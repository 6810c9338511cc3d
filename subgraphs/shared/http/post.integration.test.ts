import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '#shared/environment/free-port.ts';
import { Pool } from './connection-pool.ts';
import { post, PostTimeoutError, PostUnsentError } from './post.ts';

/** A server in a thread of its own, which answers each request after as long as its path says. */
const SERVER = `
  const { createServer } = require('node:http');
  const { parentPort } = require('node:worker_threads');
  const server = createServer((request, response) => {
    parentPort.postMessage(request.url);
    setTimeout(() => response.end('answer'), Number(request.url.slice(1)));
  });
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
`;

let worker: Worker;
let pool: Pool;
beforeAll(async () => {
  worker = new Worker(SERVER, { eval: true });
  const [port] = (await once(worker, 'message')) as [number];
  pool = new Pool(`http://127.0.0.1:${port}`, { connections: 1 });
});
afterAll(async () => {
  await pool.destroy();
  await worker.terminate();
});

const ask = (answeredAfterMs: number, timeoutMs: number) =>
  post(pool, { path: `/${answeredAfterMs}`, headers: {}, body: '', timeoutMs });

/** Keeps this process from doing anything else. */
function beBusy(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

it('takes an answer that arrived in time while the process was busy for longer', async () => {
  const isAsked = once(worker, 'message');
  const asked = ask(200, 500);
  await isAsked;
  beBusy(1500);
  expect(await asked).toEqual({ statusCode: 200, text: 'answer' });
});

it('gives up a call that is not answered in time', async () => {
  await expect(ask(60_000, 50)).rejects.toThrow(PostTimeoutError);
});

it('says whether a call that was given up had been sent, and sends it no more if not', async () => {
  const asked: unknown[] = [];
  const note = (path: unknown) => asked.push(path);
  worker.on('message', note);
  const first = expect(ask(59_999, 2000)).rejects.toMatchObject({ wasSent: true });
  await expect.poll(() => asked).toContain('/59999');
  await expect(ask(1, 50)).rejects.toMatchObject({ name: 'PostTimeoutError', wasSent: false });
  await first;
  expect((await ask(2, 10_000)).statusCode).toBe(200);
  await expect.poll(() => asked).toContain('/2');
  expect(asked).not.toContain('/1');
  worker.off('message', note);
});

it('says that nothing was sent if nobody listens, and not if a connection breaks', async () => {
  const nobody = new Pool(`http://127.0.0.1:${await freePort()}`);
  const call = { path: '/', headers: {}, body: '', timeoutMs: 10_000 };
  await expect(post(nobody, call)).rejects.toThrow(PostUnsentError);
  await nobody.destroy();
  const breaking = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.destroy());
  }).listen(0, '127.0.0.1');
  await once(breaking, 'listening');
  const broken = new Pool(`http://127.0.0.1:${(breaking.address() as AddressInfo).port}`);
  await expect(post(broken, call)).rejects.not.toThrow(PostUnsentError);
  await broken.destroy();
  breaking.close();
});
