// A venue that counts requests, refuses those beyond its limit for a while, and would ban whoever goes on asking.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { systemClock } from '#shared/domain/clock.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { venueSymbols } from '../../domain/catalog/catalog.ts';
import { instrument } from '../../test-market.ts';
import { binanceProtocol } from './binance-protocol.ts';
import { VENUE_TIMING } from './connection-timing.ts';
import { LiveFeed } from './live-feed.ts';
import { confirmations } from './test-venue.ts';
import { addressAt } from './venue-addresses.ts';
import { VenueRequests } from './venue-requests.ts';

const BOOK = '{"lastUpdateId":1,"bids":[["1.00","1.00000"]],"asks":[["2.00","1.00000"]]}';
/** How many requests can be under way when the first one is refused. */
const OTHERS_AT_ONCE = 3;
const REST_MS = 1000;

let stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.toReversed()) await stop();
  stops = [];
});

/** A venue over HTTP and WebSocket. @returns its origin */
async function venueThat(answers: (response: ServerResponse) => void): Promise<string> {
  const server = createServer((_, response) => answers(response));
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) =>
    socket.on('message', (data: Buffer) => {
      for (const answer of confirmations(data.toString())) socket.send(answer);
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(async () => {
    for (const socket of sockets.clients) socket.terminate();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('a venue with a limit on requests', () => {
  it.each([429, 418])(
    'that refuses with %s is left alone, and then gives every book',
    async (code) => {
      const instruments = Array.from({ length: 30 }, (_, index) =>
        instrument(`A${index}-USDT`, 2, 5),
      );
      let [left, restsUntilMs, askedInVain] = [12, -Infinity, 0];
      const origin = await venueThat((response) => {
        if (performance.now() < restsUntilMs) askedInVain += 1;
        else if (left === 0) {
          restsUntilMs = performance.now() + REST_MS;
          left = 12;
        }
        const isResting = performance.now() < restsUntilMs;
        if (!isResting) left -= 1;
        response.writeHead(isResting ? code : 200, { 'retry-after': `${REST_MS / 1000}` });
        response.end(isResting ? '{"code":-1003}' : BOOK);
      });
      const feed = new LiveFeed({
        protocol: binanceProtocol(addressAt(origin)),
        symbols: venueSymbols('binance', instruments),
        clock: systemClock,
        logger: createLogger({ unit: 'test', level: 'silent' }),
        timing: { ...VENUE_TIMING, rebuild: { baseMs: 10, maxMs: 20 }, reviewMs: 10 },
      });
      const stopping = new AbortController();
      const books = new Set<string>();
      for await (const batch of feed.events(stopping.signal))
        for (const event of batch) {
          if (event.kind === 'bookSnapshot') books.add(event.symbol);
          if (books.size === instruments.length) stopping.abort();
        }
      expect(books.size).toBe(instruments.length);
      // It rested twice.
      expect(askedInVain).toBeLessThanOrEqual(2 * OTHERS_AT_ONCE);
    },
  );

  it('is asked a few things at once, and the others after a failure', async () => {
    let [open, most, asked] = [0, 0, 0];
    const origin = await venueThat((response) => {
      most = Math.max(most, (open += 1));
      response.statusCode = (asked += 1) % 2 === 0 ? 503 : 200;
      setTimeout(() => {
        open -= 1;
        response.end('yes');
      }, 20);
    });
    const requests = new VenueRequests();
    const answers = await Promise.allSettled(
      Array.from({ length: 20 }, () => requests.textOf(origin, { timeoutMs: 10_000 })),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    expect(most).toBe(1 + OTHERS_AT_ONCE);
  });

  it('rests for as long as it was asked to, though a later refusal asks for less', async () => {
    const held: ServerResponse[] = [];
    let askedAtMs = 0;
    const origin = await venueThat((response) => {
      askedAtMs = performance.now();
      if (held.length === 2) response.end('yes');
      else held.push(response);
    });
    const requests = new VenueRequests();
    const ask = () => requests.textOf(origin, { timeoutMs: 10_000 });
    const refused = [ask(), ask()];
    await expect.poll(() => held.length).toBe(2);
    const refusedAtMs = performance.now();
    held[0]?.writeHead(418, { 'retry-after': '0.4' }).end();
    await expect(Promise.race(refused)).rejects.toThrow('The venue answered 418.');
    held[1]?.writeHead(429, { 'retry-after': '0.1' }).end();
    await Promise.allSettled(refused);
    await expect(ask()).resolves.toBe('yes');
    expect(askedAtMs - refusedAtMs).toBeGreaterThanOrEqual(400);
  });

  it('is left alone before it refuses, until it counts from the beginning again', async () => {
    const counts = [250, 4750, 5000, 250];
    const askedAtMs: number[] = [];
    const origin = await venueThat((response) => {
      response.setHeader('x-mbx-used-weight-1m', `${counts[askedAtMs.length]}`);
      response.setHeader('date', 'Fri, 27 Nov 2026 16:59:59 GMT');
      askedAtMs.push(performance.now());
      response.end('yes');
    });
    const requests = new VenueRequests();
    for (const _ of counts) await requests.textOf(origin, { timeoutMs: 10_000 });
    const [, , third = 0, fourth = 0] = askedAtMs;
    expect(fourth - third).toBeGreaterThanOrEqual(2000);
  });

  it('is not asked for somebody who has left while it rests', async () => {
    let asked = 0;
    const origin = await venueThat((response) => {
      asked += 1;
      response.writeHead(429).end();
    });
    const requests = new VenueRequests();
    const leaving = new AbortController();
    const limits = { timeoutMs: 10_000, signal: leaving.signal };
    await expect(requests.textOf(origin, limits)).rejects.toThrow('The venue answered 429.');
    const waiting = requests.textOf(origin, limits);
    leaving.abort();
    await expect(waiting).rejects.toThrow('aborted');
    expect(asked).toBe(1);
  });

  it('is asked for its list of instruments before the books that wait', async () => {
    const asked: string[] = [];
    const held: ServerResponse[] = [];
    const origin = await venueThat((response) => {
      asked.push(response.req.url ?? '');
      if (held.length <= OTHERS_AT_ONCE) held.push(response);
      else response.end('yes');
    });
    const requests = new VenueRequests();
    const limits = { timeoutMs: 10_000 };
    const books = Array.from({ length: 10 }, () => requests.textOf(`${origin}/book`, limits));
    await expect.poll(() => held.length).toBe(1 + OTHERS_AT_ONCE);
    const list = requests.textOf(`${origin}/list`, { ...limits, goesFirst: true });
    for (const response of held) response.end('yes');
    await Promise.all([list, ...books]);
    expect(asked.indexOf('/list')).toBeLessThanOrEqual(2 * OTHERS_AT_ONCE + 1);
  });

  it('keeps nobody who leaves waiting for those before', async () => {
    let asked = 0;
    const origin = await venueThat((response) => {
      asked += 1;
      response.writeHead(429).end();
    });
    const requests = new VenueRequests();
    const resting = new AbortController();
    const limits = { timeoutMs: 10_000, signal: resting.signal };
    await expect(requests.textOf(origin, limits)).rejects.toThrow('The venue answered 429.');
    const before = Array.from({ length: 1 + OTHERS_AT_ONCE }, () =>
      requests.textOf(origin, limits).catch(() => 'left'),
    );
    const leaving = new AbortController();
    const waiting = requests.textOf(origin, { ...limits, signal: leaving.signal });
    leaving.abort();
    await expect(waiting).rejects.toThrow('aborted');
    resting.abort();
    expect(await Promise.all(before)).toEqual(before.map(() => 'left'));
    expect(asked).toBe(1);
  });
});
