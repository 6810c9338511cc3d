// A venue that opens its connection too slowly ever to finish, one that sends without end, and one that takes few messages.
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import { systemClock } from '#shared/domain/clock.ts';
import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { BTC_USDT } from '../../test-market.ts';
import { coinbaseProtocol } from './coinbase-protocol.ts';
import { type ConnectionTiming, VENUE_TIMING } from './connection-timing.ts';
import type { FrameTap } from './frame-tap.ts';
import { VenueConnection } from './venue-connection.ts';
import { addressAt } from './venue-addresses.ts';
import { VenueRequests } from './venue-requests.ts';

const ANSWER = `HTTP/1.1 101 Switching Protocols\r\nX-Padding: ${'x'.repeat(10_000)}`;

interface ConnectionWish {
  readonly timing?: Partial<ConnectionTiming>;
  readonly symbols?: ReadonlyMap<string, InstrumentSymbol>;
}

function connectTo(
  port: number,
  { timing, symbols = new Map(), ...tap }: Partial<FrameTap> & ConnectionWish,
): VenueConnection {
  const protocol = coinbaseProtocol(addressAt(`http://127.0.0.1:${port}`));
  const nothing = () => undefined;
  return new VenueConnection({
    url: protocol.url(),
    messagesAtOnce: protocol.messagesAtOnce,
    conversation: protocol.converse(symbols),
    timing: { ...VENUE_TIMING, ...timing },
    clock: systemClock,
    logger: createLogger({ unit: 'test', level: 'silent' }),
    requests: new VenueRequests(),
    maxAgeMs: Infinity,
    tap: { connected: nothing, frame: nothing, answer: nothing, lost: nothing, ...tap },
  });
}

it('a venue that sends faster than it is read has to wait', async () => {
  const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  const frame = `{"type":"heartbeat","padding":"${'x'.repeat(1_000_000)}"}`;
  sockets.on('connection', (socket) => {
    for (let sent = 0; sent < 60; sent += 1) socket.send(frame);
  });
  await new Promise((resolve) => sockets.once('listening', resolve));
  let received = 0;
  const { port } = sockets.address() as AddressInfo;
  const connection = connectTo(port, { frame: () => (received += 1) });
  const batches = connection.batches(new AbortController().signal);
  await batches.next();
  for (let before = -1; before !== received; await sleep(200)) before = received;
  expect(received).toBeLessThan(40);
  const reading = (async () => {
    for await (const batch of batches) Array.from(batch);
  })();
  await vi.waitUntil(() => received === 60, 15_000);
  for (const socket of sockets.clients) socket.terminate();
  await reading;
  await new Promise((resolve) => sockets.close(resolve));
});

it('a connection that a venue opens byte by byte ends in time', async () => {
  let sent = 0;
  const server = createServer((socket) => {
    const drip = setInterval(() => socket.write(ANSWER[(sent += 1)] ?? ''), 5);
    socket.on('close', () => clearInterval(drip)).on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const connection = connectTo(port, { timing: { connectMs: 500 } });
  const heard = [];
  for await (const batch of connection.batches(new AbortController().signal)) heard.push(...batch);
  expect(heard).toEqual([]);
  // Each byte takes five milliseconds at least.
  expect(sent).toBeGreaterThan(0);
  expect(sent).toBeLessThan(200);
  await new Promise((resolve) => server.close(resolve));
});

it.each([
  ['no more messages than it takes at once', 2 ** 30, 20],
  ['the others a little later', 10, 50],
])('a venue is sent %s', async (_, reviewMs, expected) => {
  const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise((resolve) => sockets.once('listening', resolve));
  const products = Array.from({ length: 50 }, (_, index) => `A${index}-USD`);
  const received: string[] = [];
  // What was sent before the answer to a ping has arrived before it.
  const arrived = new Promise<void>((resolve) =>
    sockets.once('connection', (socket) =>
      socket
        .on('message', (data: Buffer) => {
          if (received.push(data.toString()) === expected) socket.ping();
        })
        .once('pong', () => resolve()),
    ),
  );
  const { port } = sockets.address() as AddressInfo;
  const symbols = new Map(products.map((product) => [product, BTC_USDT.symbol]));
  const stopping = new AbortController();
  const batches = connectTo(port, { timing: { reviewMs }, symbols }).batches(stopping.signal);
  const reading = (async () => {
    for await (const batch of batches) Array.from(batch);
  })();
  await arrived;
  expect(received).toHaveLength(expected);
  expect(received.map((text) => /"(A\d+-USD)"/.exec(text)?.[1])).toEqual(
    products.slice(0, expected),
  );
  stopping.abort();
  await reading;
  await new Promise((resolve) => sockets.close(resolve));
});
