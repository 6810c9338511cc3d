// Thousands of joins and leaves, of every kind and on sockets that come and go. In the end nothing is
// left of them: no stream, group or member, no timer, no listener, no socket, no memory.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CAREFUL, anOrderSnapshot } from '../fixtures/played-events.ts';
import { type PlayedGateway, startPlayedGateway } from '../fixtures/played-gateway.ts';
import { PlayedMarket } from '../fixtures/played-market.ts';
import { SocketClient } from '../fixtures/socket-client.ts';

const SYMBOLS = ['A-B', 'C-D', 'E-F'];
const SOCKETS = 20;
const SUBSCRIPTIONS = 10;
const MEGABYTE = 1024 * 1024;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

let gateway: PlayedGateway;
let market: PlayedMarket;
beforeEach(async () => {
  gateway = await startPlayedGateway();
  market = new PlayedMarket(gateway.streams);
  const begin = gateway.streams.onOpen;
  gateway.streams.onOpen = (stream) => {
    if (stream.request.query.includes('orderEvents')) stream.next(anOrderSnapshot('anna', 0));
    else begin(stream);
  };
});
afterEach(() => gateway.stop());

function join(client: SocketClient, id: string, kind: number): void {
  const symbol = SYMBOLS[kind % SYMBOLS.length];
  if (kind % 7 === 0) client.subscribe(id, CAREFUL.orders, { id: 'anna' });
  else if (kind % 3 === 0) client.subscribe(id, CAREFUL.trades, { symbol });
  else client.subscribe(id, CAREFUL.quotes, { symbols: kind % 2 === 0 ? SYMBOLS : [symbol] });
}

/** A socket that joins and leaves, some of it by itself and some by going. */
async function visit(number: number): Promise<number> {
  const client = await SocketClient.connect(gateway.origin, { apiKey: 'anna' });
  if (number % 4 === 0) client.webSocket.pause();
  for (let count = 0; count < SUBSCRIPTIONS; count += 1) {
    join(client, `${count}`, number + count);
    if (count % 2 === 0) client.send({ id: `${count}`, type: 'complete' });
  }
  for (const symbol of SYMBOLS) {
    market.quote(symbol);
    market.trade(symbol);
  }
  client.webSocket.resume();
  if (number % 3 === 0) client.webSocket.terminate();
  else await client.close();
  return SUBSCRIPTIONS;
}

async function visits(rounds: number): Promise<number> {
  let joins = 0;
  for (let round = 0; round < rounds; round += 1) {
    const numbers = Array.from({ length: SOCKETS }, (_, socket) => round * SOCKETS + socket);
    for (const count of await Promise.all(numbers.map(visit))) joins += count;
    // A test's own list of everything that was ever opened.
    gateway.streams.forget();
  }
  return joins;
}

async function isEmpty(): Promise<void> {
  await expect
    .poll(() => ({ ...gateway.hub.counts, ...gateway.sockets.load() }), { timeout: 10_000 })
    .toEqual({ streams: 0, groups: 0, members: 0, sockets: 0, mostBytes: 0 });
  await gateway.turn();
}

/** What keeps a process alive, by kind, and the bytes that are in use. */
function footprint() {
  const resources = process.getActiveResourcesInfo();
  const count = (kind: string) => resources.filter((one) => one === kind).length;
  collect();
  return {
    timers: count('Timeout') + count('Immediate'),
    sockets: count('TCPSocketWrap'),
    listeners: process.listenerCount('exit') + process.listenerCount('beforeExit'),
    heapBytes: process.memoryUsage().heapUsed,
  };
}

it('leaves nothing after `after` thousands of joins and leaves', async () => {
  await visits(10);
  await isEmpty();
  const before = footprint();
  expect(await visits(20)).toBe(20 * SOCKETS * SUBSCRIPTIONS);
  await isEmpty();
  expect(gateway.streams.openOf('')).toEqual([]);
  await expect.poll(() => footprint().sockets).toBe(before.sockets);
  const { heapBytes, ...after } = footprint();
  const { heapBytes: heapBefore, ...others } = before;
  expect(after.timers).toBeLessThanOrEqual(others.timers);
  expect(after.listeners).toBe(others.listeners);
  expect(heapBytes - heapBefore).toBeLessThan(4 * MEGABYTE);
}, 120_000);
