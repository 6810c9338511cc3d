import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Pool } from './connection-pool.ts';
import { post, PostTimeoutError } from './post.ts';

/** A server in a thread of its own, which answers each request after as long as its path says. */
const SERVER = `
  const { createServer } = require('node:http');
  const { parentPort } = require('node:worker_threads');
  const server = createServer((request, response) => {
    parentPort.postMessage('asked');
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
