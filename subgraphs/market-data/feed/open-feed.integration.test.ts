// The lists of a venue that a start reads, of which one may be a part.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import type { Instrument } from '#shared/domain/instrument.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { BTC_USDT, ETH_USDT, instrument, TestClock } from '../test-market.ts';
import { exchangeInfo } from './live/test-exchange-info.ts';
import { openFeeds } from './open-feed.ts';

const WHOLE = exchangeInfo('TRADING', ['BTC', 'ETH']);
const PART = exchangeInfo('TRADING', ['ETH']);
const BOTH = ['BTC-USDT', 'ETH-USDT'];
/** A venue that starts may answer with a part for a moment. */
const SAME_FOR_MS = 300;

/** Opens Binance's feed at a test's server. @returns the symbols that it follows */
async function followedOf(
  port: number,
  instruments: readonly Instrument[],
  homes: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
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
      ...{ instruments, homes, clock: new TestClock() },
      logger: createLogger({ unit: 'test', level: 'silent' }),
    },
  );
  return opened?.instruments.map(({ symbol }) => symbol) ?? [];
}

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
  const followed = await followedOf(port, [BTC_USDT, ETH_USDT], new Map([['BTC-USDT', home]]));
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  expect(followed).toEqual(expected);
  expect(read).toBe(reads);
});

it('a start with more instruments than a connection takes follows those at home, then those without a home', async () => {
  const bases = Array.from({ length: 345 }, (_, index) => `A${index}`);
  const list = exchangeInfo('TRADING', bases);
  const server = createServer((_, response) => response.end(list));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const instruments = bases.map((base) => instrument(`${base}-USDT`, 2, 5));
  const symbols = instruments.map(({ symbol }) => symbol);
  const homes = [
    ...symbols.slice(0, 10).map((symbol): [string, string] => [symbol, 'kraken']),
    ...symbols.slice(300).map((symbol): [string, string] => [symbol, 'binance']),
  ];
  const followed = await followedOf(port, instruments, new Map(homes));
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  expect(new Set(followed)).toEqual(new Set([...symbols.slice(0, 6), ...symbols.slice(10)]));
});
