// A venue that opens its connection too slowly ever to finish.
import { type AddressInfo, createServer } from 'node:net';
import { expect, it } from 'vitest';
import { systemClock } from '#shared/domain/clock.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { coinbaseProtocol } from './coinbase-protocol.ts';
import { VENUE_TIMING } from './connection-timing.ts';
import { VenueConnection } from './venue-connection.ts';
import { addressAt } from './venue-addresses.ts';

const ANSWER = `HTTP/1.1 101 Switching Protocols\r\nX-Padding: ${'x'.repeat(10_000)}`;

it('a connection that a venue opens byte by byte ends in time', async () => {
  let sent = 0;
  const server = createServer((socket) => {
    const drip = setInterval(() => socket.write(ANSWER[(sent += 1)] ?? ''), 5);
    socket.on('close', () => clearInterval(drip)).on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const protocol = coinbaseProtocol(addressAt(`http://127.0.0.1:${port}`));
  const connection = new VenueConnection({
    url: protocol.url(new Map()),
    conversation: protocol.converse(new Map()),
    timing: { ...VENUE_TIMING, connectMs: 500 },
    clock: systemClock,
    logger: createLogger({ unit: 'test', level: 'silent' }),
    maxAgeMs: Infinity,
  });
  const heard = [];
  for await (const batch of connection.batches(new AbortController().signal)) heard.push(...batch);
  expect(heard).toEqual([]);
  // Each byte takes five milliseconds at least.
  expect(sent).toBeGreaterThan(0);
  expect(sent).toBeLessThan(200);
  await new Promise((resolve) => server.close(resolve));
});
