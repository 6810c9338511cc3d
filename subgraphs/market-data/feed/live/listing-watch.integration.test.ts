// Lists of instruments as a venue may send them: whole, in part, and with one instrument less for good.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, vi } from 'vitest';
import { createLogger } from '#shared/logging/logger.ts';
import { TestMarket } from '../../test-market.ts';
import { binanceProtocol } from './binance-protocol.ts';
import { ListingWatch } from './listing-watch.ts';
import { exchangeInfo } from './test-exchange-info.ts';
import { addressAt } from './venue-addresses.ts';
import { VenueRequests } from './venue-requests.ts';

const WHOLE = exchangeInfo('TRADING', ['BTC', 'ETH']);
const PART = exchangeInfo('TRADING', ['ETH']);

/** Reads these lists one after the other, the last one again and again. @returns the statuses of BTC-USDT */
async function statusesAfter(lists: readonly string[]): Promise<readonly string[]> {
  let read = 0;
  const server = createServer((_, response) => {
    response.end(lists[Math.min(read, lists.length - 1)]);
    read += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const desk = new TestMarket('binance');
  const statuses = [desk.market.status.status];
  desk.market.onStatus.add(({ status }) => statuses.push(status));
  const watch = new ListingWatch({
    protocol: binanceProtocol(addressAt(`http://127.0.0.1:${port}`)),
    requests: new VenueRequests(),
    markets: desk.markets,
    clock: desk.clock,
    logger: createLogger({ unit: 'test', level: 'silent' }),
    refreshMs: 1,
  });
  watch.start(null);
  await vi.waitUntil(() => read > lists.length + 3, 15_000);
  await watch.stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  return statuses;
}

it.each([
  ['in part once stops nothing', [WHOLE, PART, WHOLE, PART, WHOLE], ['TRADING']],
  ['without an instrument twice in a row closes it', [WHOLE, PART, PART], ['TRADING', 'CLOSED']],
  ['that never had an instrument closes it at once', [PART], ['TRADING', 'CLOSED']],
  ['with an instrument again opens it', [PART, PART, WHOLE], ['TRADING', 'CLOSED', 'TRADING']],
])('a list %s', async (_, lists, expected) => {
  expect(await statusesAfter(lists)).toEqual(expected);
});
