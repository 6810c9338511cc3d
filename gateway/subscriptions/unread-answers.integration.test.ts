// Answers that a client does not read: they wait in our memory once the kernel holds as much as it takes.
import { connect } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startDeskFixture } from '../fixtures/desk-fixture.ts';
import { type PlayedGateway, startPlayedGateway } from '../fixtures/played-gateway.ts';
import { SocketClient } from '../fixtures/socket-client.ts';

const QUOTES = 'subscription { quoteChanged(symbols: ["BTC-USDT"]) { __typename } }';
/** It is refused, and the refusal repeats all of it. */
const REFUSED = `subscription { quoteChanged(symbols: ["BTC-USDT"]) { ${'x'.repeat(60_000)} } }`;

let gateway: PlayedGateway;
beforeEach(async () => {
  gateway = await startPlayedGateway();
});
afterEach(() => gateway.stop());

it('do not end what began under their id meanwhile, which ends with its socket', async () => {
  const client = await SocketClient.connect(gateway.origin);
  client.webSocket.pause();
  let refused = 0;
  await expect
    .poll(() => {
      client.subscribe(`${(refused += 1)}`, REFUSED);
      return gateway.sockets.load().mostBytes;
    })
    .toBeGreaterThan(REFUSED.length);
  const id = `${refused}`;
  client.send({ id, type: 'complete' });
  client.subscribe(id, QUOTES);
  await expect.poll(() => gateway.hub.counts.members).toBe(1);

  client.webSocket.resume();
  for (let message = await client.next(); message.id !== id;) message = await client.next();
  await client.settle();
  expect(client.untaken).toEqual([]);
  await client.close();
  await expect.poll(() => gateway.hub.counts.members).toBe(0);
});

it('do not keep the stream that waits behind them once their connection is gone, and begin no other', async () => {
  const desk = await startDeskFixture();
  const symbols = ['BTC-USDT', 'ETH-USDT', 'SOL-USDT'];
  const open = () => symbols.map((symbol) => desk.world.quotesOf(symbol).open);
  const { hostname, port } = new URL(desk.origin);
  const client = connect(Number(port), hostname);
  for (const symbol of symbols) {
    const query = `subscription { quoteChanged(symbols: ["${symbol}"]) { __typename } }`;
    const body = JSON.stringify({ query });
    const headers = [
      ...['host: x', 'accept: text/event-stream', 'content-type: application/json'],
      `content-length: ${body.length}`,
    ];
    client.write(`POST /graphql HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n${body}`);
  }
  await expect.poll(open).toEqual([1, 0, 0]);
  client.destroy();
  await expect.poll(open, { timeout: 10_000 }).toEqual([0, 0, 0]);
  await desk.stop();
});
