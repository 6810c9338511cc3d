// The lists of a venue that a start reads, of which one may be a part.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { createLogger } from '#shared/logging/logger.ts';
import { BTC_USDT, ETH_USDT, TestClock } from '../test-market.ts';
import { exchangeInfo } from './live/test-exchange-info.ts';
import { openFeeds } from './open-feed.ts';

const WHOLE = exchangeInfo('TRADING', ['BTC', 'ETH']);
const PART = exchangeInfo('TRADING', ['ETH']);
const BOTH = ['BTC-USDT', 'ETH-USDT'];
/** A venue that starts may answer with a part for a moment. */
const SAME_FOR_MS = 300;

it.each([
  ['whole', [WHOLE], 'binance', BOTH, 1],
  ['in part, and then whole', [PART, WHOLE], 'binance', BOTH, 2],
  ['in part, and then not at all', [PART, ''], 'binance', BOTH, 2],
  ['without an instrument that has left it', [PART, PART], 'binance', ['ETH-USDT'], 2],
  ['without an instrument of another home', [PART, WHOLE], 'kraken', ['ETH-USDT'], 1],
])('a start with a list %s', async (_, lists, home, expected, reads) => {
  let [read, firstAtMs] = [0, Infinity];
  const server = createServer((_request, response) => {
    firstAtMs = Math.min(firstAtMs, performance.now());
    const isSame = performance.now() - firstAtMs < SAME_FOR_MS;
    response.end(isSame ? lists[0] : lists[read]);
    read += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const [opened] = await openFeeds(
    {
      source: 'binance',
      speed: 1,
      loop: false,
      start: 'immediately',
      seed: 1,
      origins: { binance: `http://127.0.0.1:${port}` },
    },
    {
      instruments: [BTC_USDT, ETH_USDT],
      homes: new Map([['BTC-USDT', home]]),
      clock: new TestClock(),
      logger: createLogger({ unit: 'test', level: 'silent' }),
    },
  );
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  expect(opened?.instruments.map(({ symbol }) => symbol)).toEqual(expected);
  expect(read).toBe(reads);
});
