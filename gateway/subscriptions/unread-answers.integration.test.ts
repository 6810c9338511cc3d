// Answers that a client does not read: they wait in our memory once the kernel holds as much as it takes.
import { afterEach, beforeEach, expect, it } from 'vitest';
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
