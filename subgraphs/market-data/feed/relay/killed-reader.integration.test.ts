// The process that reads a venue is killed, as by a power cut, and the other goes on in its place: when
// the two seconds of the duty are over, so within three on a quiet machine.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, expect, inject, it } from 'vitest';
import { RedisEventBus } from '#shared/events/redis-event-bus.ts';
import { RedisSharedState } from '#shared/events/redis-shared-state.ts';
import { recordedData } from '../../test-recordings.ts';
import { createSeededDatabase, startTestServer, testOptions, until } from '../../test-server.ts';
import { exchangeInfo } from '../live/test-exchange-info.ts';
import { binanceScript } from '../live/test-venue-script.ts';
import { TestVenue } from '../live/test-venue.ts';

const path = recordedData('binance-spot/spot_btcusdt_20240808.gz');
const redisUrl = inject('redisUrl');
/** A process on a busy machine. */
const STARTS_WITHIN_MS = 90_000;
const BOOK =
  '{ instrument(symbol: "BTC-USDT") { orderBook(depth: 10) { stale bids { price quantity } } } }';

interface Answer {
  readonly instrument: { readonly orderBook: { readonly stale: boolean } | null };
}

const ends: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const end of ends.toReversed()) await end();
});

/** A market-data process that reads the venue, as in production. */
function startReader(variables: Readonly<Record<string, string>>): ChildProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', 'subgraphs/market-data/main.ts'], {
    env: {
      ...{ PATH: process.env['PATH'], HOME: process.env['HOME'], NODE_ENV: 'test' },
      ...{ LOG_LEVEL: 'error', PORT: '0', ...variables },
    },
    stdio: 'ignore',
  });
  ends.push(() => kill(child));
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

it.skipIf(path === null || redisUrl === null)(
  'a market-data process goes on where the one that reads the venue is killed',
  { timeout: 2 * STARTS_WITHIN_MS },
  async () => {
    const database = await createSeededDatabase();
    ends.push(() => database.drop());
    const venue = await TestVenue.start(binanceScript(path ?? ''));
    venue.listings = exchangeInfo('TRADING');
    ends.push(() => venue.stop());
    const prefix = randomUUID();
    const reader = startReader({
      DATABASE_URL: database.url,
      PASSPORT_KEYS: `gateway.1=${'k'.repeat(43)}`,
      REDIS_URL: redisUrl ?? '',
      EVENT_PREFIX: prefix,
      FEED: 'binance',
      VENUE_ORIGINS: `binance=${venue.origin}`,
    });
    await until(() => venue.connections === 1, STARTS_WITHIN_MS);

    const shared = { url: redisUrl ?? '', prefix, onError: () => undefined };
    const [bus, state] = [new RedisEventBus(shared), new RedisSharedState(shared)];
    ends.push(() => Promise.all([bus.dispose(), state.dispose()]));
    const feed = {
      source: 'binance',
      speed: 1,
      loop: false,
      start: 'immediately',
      seed: 1,
    } as const;
    const origins = { binance: venue.origin };
    const server = await startTestServer({
      ...testOptions(database.url, { ...feed, origins }),
      ...{ bus, state },
    });
    ends.push(() => server.stop());
    const isFresh = async () =>
      (await server.query<Answer>(BOOK)).data.instrument.orderBook?.stale === false;
    await until(isFresh);
    expect(venue.connections).toBe(1);

    await kill(reader);
    await until(() => venue.connections === 2);
    await until(isFresh);
  },
);
