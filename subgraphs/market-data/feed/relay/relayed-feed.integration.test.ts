// Two market-data processes with one venue: one is connected, the other serves what it hears, and
// goes on in its place. Once in memory, once over Redis.
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, describe, expect, inject, it } from 'vitest';
import { MemoryEventBus } from '#shared/events/memory-event-bus.ts';
import { MemorySharedState } from '#shared/events/test-memory-shared-state.ts';
import { RedisEventBus } from '#shared/events/redis-event-bus.ts';
import { RedisSharedState } from '#shared/events/redis-shared-state.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { recordedData } from '../../test-recordings.ts';
import { createSeededDatabase, startTestServer, testOptions, until } from '../../test-server.ts';
import { exchangeInfo } from '../live/test-exchange-info.ts';
import { TestVenue } from '../live/test-venue.ts';
import { binanceScript } from '../live/test-venue-script.ts';

const path = recordedData('binance-spot/spot_btcusdt_20240808.gz');
const redisUrl = inject('redisUrl');

const MARKET = /* GraphQL */ `
  {
    feedStatus {
      state
    }
    instrument(symbol: "BTC-USDT") {
      quote {
        stale
      }
      orderBook(depth: 10) {
        stale
        bids {
          price
          quantity
        }
        asks {
          price
          quantity
        }
      }
      trades(first: 5) {
        edges {
          node {
            sequence
            tradeId
          }
        }
      }
    }
  }
`;

interface Answer {
  readonly feedStatus: readonly { readonly state: string }[];
  readonly instrument: {
    readonly quote: { readonly stale: boolean } | null;
    readonly orderBook: { readonly stale: boolean; readonly bids: readonly unknown[] } | null;
    readonly trades: { readonly edges: readonly { readonly node: unknown }[] };
  };
}

/** A bus and a state for one process. */
function connections(kind: 'memory' | 'redis', shared: ReturnType<typeof sharedMemory>) {
  if (kind === 'memory') return shared;
  const options = { url: redisUrl ?? '', prefix: shared.prefix, onError: () => undefined };
  return { bus: new RedisEventBus(options), state: new RedisSharedState(options) };
}

function sharedMemory() {
  return { bus: new MemoryEventBus(), state: new MemorySharedState(), prefix: randomUUID() };
}

describe
  .skipIf(path === null)
  .each(redisUrl === null ? (['memory'] as const) : (['memory', 'redis'] as const))(
  'two market-data processes, with what they share in %s',
  (kind) => {
    let ends: (() => Promise<unknown>)[] = [];
    afterEach(async () => {
      for (const end of ends.toReversed()) await end();
      ends = [];
    });
    const databases: Awaited<ReturnType<typeof createSeededDatabase>>[] = [];
    afterAll(async () => {
      for (const database of databases) await database.drop();
    });

    it('hold one connection, show one book, go on when one stops, and believe nothing from before a stop', async () => {
      const database = await createSeededDatabase();
      databases.push(database);
      const venue = await TestVenue.start(binanceScript(path ?? ''));
      venue.listings = exchangeInfo('TRADING');
      ends.push(() => venue.stop());
      const shared = sharedMemory();
      const start = async () => {
        const { bus, state } = connections(kind, shared);
        const server = await startTestServer({
          ...testOptions(database.url, {
            source: 'binance',
            speed: 1,
            loop: false,
            start: 'immediately',
            seed: 1,
            origins: { binance: venue.origin },
          }),
          bus,
          state,
          logger: createLogger({ unit: 'test', level: 'silent' }),
        });
        let isStopped = false;
        const stop = async () => {
          if (isStopped) return;
          isStopped = true;
          await server.stop();
          if (kind === 'redis') await Promise.all([bus.dispose(), state.dispose()]);
        };
        ends.push(stop);
        const answer = async () => (await server.query<Answer>(MARKET)).data;
        return { stop, answer, market: async () => (await answer()).instrument };
      };
      type Process = Awaited<ReturnType<typeof start>>;
      const isFresh = async (process: Process) =>
        (await process.market()).orderBook?.stale === false;
      const hasTraded = async (process: Process) =>
        (await process.market()).trades.edges.length > 0;
      const areEqual = async (a: Process, b: Process) =>
        JSON.stringify(await a.market()) === JSON.stringify(await b.market());

      const first = await start();
      await until(() => isFresh(first));
      const second = await start();
      await until(() => isFresh(second));
      venue.play(300);
      // Before anything of it has arrived they are equal, too.
      await until(async () => (await hasTraded(second)) && (await areEqual(first, second)));
      expect(venue.connections).toBe(1);

      await first.stop();
      await until(() => venue.connections === 2);
      await until(() => isFresh(second));
      const third = await start();
      await until(() => isFresh(third));
      venue.play(300);
      await until(() => areEqual(second, third));
      expect(venue.connections).toBe(2);

      // The newest state is kept by the one that reads; then all stop, and the venue moves on.
      const { bus, state } = connections(kind, shared);
      if (kind === 'redis') ends.push(() => Promise.all([bus.dispose(), state.dispose()]));
      await until(async () => {
        const kept = await state.get('feed:binance');
        return ['"bookSnapshot"', '"quote"'].every((kind) => kept?.includes(kind) === true);
      });
      await Promise.all([second.stop(), third.stop()]);
      venue.lose(100);
      venue.failures = Infinity;
      const fourth = await start();
      const isConnected = async () =>
        (await fourth.answer()).feedStatus.every(({ state: feed }) => feed !== 'DISCONNECTED');
      await until(isConnected);
      expect(await fourth.market()).toMatchObject({
        orderBook: { stale: true },
        quote: { stale: true },
      });
      venue.failures = 0;
      await until(() => isFresh(fourth));
    });
  },
);
