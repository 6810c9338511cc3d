// A venue that opens its connection too slowly ever to finish, and one that sends without end.
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import { systemClock } from '#shared/domain/clock.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { coinbaseProtocol } from './coinbase-protocol.ts';
import { VENUE_TIMING } from './connection-timing.ts';
import type { FrameTap } from './frame-tap.ts';
import { VenueConnection } from './venue-connection.ts';
import { addressAt } from './venue-addresses.ts';
import { VenueRequests } from './venue-requests.ts';

const ANSWER = `HTTP/1.1 101 Switching Protocols\r\nX-Padding: ${'x'.repeat(10_000)}`;

function connectTo(
  port: number,
  { connectMs = VENUE_TIMING.connectMs, ...tap }: Partial<FrameTap> & { connectMs?: number },
): VenueConnection {
  const protocol = coinbaseProtocol(addressAt(`http://127.0.0.1:${port}`));
  const nothing = () => undefined;
  return new VenueConnection({
    url: protocol.url(),
    conversation: protocol.converse(new Map()),
    timing: { ...VENUE_TIMING, connectMs },
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
  const connection = connectTo(port, { connectMs: 500 });
  const heard = [];
  for await (const batch of connection.batches(new AbortController().signal)) heard.push(...batch);
  expect(heard).toEqual([]);
  // Each byte takes five milliseconds at least.
  expect(sent).toBeGreaterThan(0);
  expect(sent).toBeLessThan(200);
  await new Promise((resolve) => server.close(resolve));
});
