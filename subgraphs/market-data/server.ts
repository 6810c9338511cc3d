import { readFileSync } from 'node:fs';
import type { Clock } from '#shared/domain/clock.ts';
import type { EventBus } from '#shared/events/event-bus.ts';
import type { SharedState } from '#shared/events/shared-state.ts';
import type { PassportKey } from '#shared/identity/passport.ts';
import type { Logger } from '#shared/logging/logger.ts';
import {
  createSubgraphServer,
  type SubgraphServer,
} from '#shared/subgraph/create-subgraph-server.ts';
import { buildGuardedSchema } from '#shared/subgraph/guarded-schema.ts';
import type { MarketDataContext } from './context.ts';
import type { Catalog } from './domain/catalog.ts';
import { VenueMarkets } from './domain/venue-markets.ts';
import { type FeedAudience, FeedRunner } from './feed/feed-runner.ts';
import type { FeedSettings } from './feed/feed-settings.ts';
import { ListingWatch } from './feed/live/listing-watch.ts';
import { openFeeds } from './feed/open-feed.ts';
import { decideHomes, type FeedMarkets, openMarkets } from './feed/open-markets.ts';
import { FeedDuty } from './feed/relay/feed-duty.ts';
import { RelayedFeed, type RelayParts } from './feed/relay/relayed-feed.ts';
import { readCounts } from './feed/relay/trade-counts.ts';
import { createLoaders } from './loaders.ts';
import { permissions } from './permissions.ts';
import { resolvers } from './resolvers/index.ts';
import { HistoryWriter } from './store/history-writer.ts';
import { type MarketDataStore, openMarketDataStore } from './store/market-data-store.ts';
import { ConsolidatedPublisher } from './streams/consolidated-publisher.ts';
import { DepthPublisher } from './streams/depth-publisher.ts';
import { MarketStreams } from './streams/market-streams.ts';
import { StreamRegistry } from './streams/stream-registry.ts';
import { MarketDataUseCases } from './use-cases.ts';

const schema = buildGuardedSchema({
  typeDefs: readFileSync(new URL('./schema.graphql', import.meta.url), 'utf8'),
  resolvers,
  permissions,
});

/** What the market-data subgraph is built from. */
export interface MarketDataOptions {
  readonly databaseUrl: string;
  readonly bus: EventBus;
  /** What several such processes share, of which one reads the feed; alone without it. */
  readonly state?: SharedState | undefined;
  /** Whose passports are believed. */
  readonly passportKeys: readonly PassportKey[];
  readonly feed: FeedSettings;
  /** In place of every instrument's own `maxQuoteAgeMs`. */
  readonly maxQuoteAgeMs?: number | undefined;
  /** How often the venues' lists of instruments are read again. */
  readonly listingsRefreshMs?: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A market-data server, built but not listening. */
export interface MarketDataServer extends SubgraphServer {
  /** How many streams are open; zero once every subscriber has left. */
  openStreams(): number;
}

/**
 * Builds the market-data subgraph: its store, its feed and its server. Prices move from here on,
 * unless the feed waits for the first subscription.
 * @throws Error when the database cannot be reached, or the feed cannot be opened
 */
export async function createMarketDataServer(
  options: MarketDataOptions,
): Promise<MarketDataServer> {
  const { clock, logger } = options;
  const store = openMarketDataStore({
    databaseUrl: options.databaseUrl,
    onConnectionError: (cause) => logger.warn({ err: cause }, 'a database connection was lost'),
  });
  try {
    const { catalog, feeds, markets } = await openDesk(options, store);
    const registry = new StreamRegistry(clock);
    const streams = new MarketStreams(registry, clock);
    const server = await createServer(
      options,
      store,
      new MarketDataUseCases({ catalog, markets, streams, clock }),
    );
    const relay = await openRelay(options);
    const isOnDuty = () => relay?.duty.isHeld ?? true;
    const writer = new HistoryWriter(store.history, markets, logger, { isOnDuty });
    const { bus } = options;
    const publisher = new DepthPublisher(markets, bus, isOnDuty);
    const consolidated = new ConsolidatedPublisher(markets, { bus, clock, isOnDuty });
    const running = feeds.map((each) =>
      runFeed(relayed(each, relay, store, logger), registry, options),
    );
    return {
      listen: (address) => server.listen(address),
      openStreams: () => registry.openCount,
      stop: async () => {
        await server.stop();
        await Promise.all(running.map((each) => each.stop()));
        registry.stop();
        publisher.stop();
        consolidated.stop();
        await writer.stop();
        await relay?.duty.stop();
        await store.close();
      },
    };
  } catch (cause) {
    await store.close();
    throw cause;
  }
}

async function openDesk(options: MarketDataOptions, store: MarketDataStore) {
  const { clock, logger } = options;
  const { catalog, history } = await load(options, store);
  const instruments = [...catalog.instruments.values()];
  const opened = await openFeeds(options.feed, { instruments, clock, logger });
  const known = await store.homes.load();
  const homes = await store.homes.settle(decideHomes(instruments, opened, known), known);
  const feeds = openMarkets(opened, { instruments, homes, history, clock });
  return { catalog, feeds, markets: new VenueMarkets(feeds) };
}

/** What the feeds of a process share with other processes. */
type Relay = Omit<RelayParts, 'storedCounts'> & { readonly duty: FeedDuty };

/** Only where there is something to share; a recording at full speed is not shared. */
async function openRelay(options: MarketDataOptions): Promise<Relay | null> {
  const { state, bus, feed, logger } = options;
  if (state === undefined || feed.speed === 'max') return null;
  const duty = new FeedDuty({ state, bus }, feed.source, logger);
  await duty.start();
  return { duty, bus, state };
}

function relayed(
  each: FeedMarkets,
  relay: Relay | null,
  { history }: MarketDataStore,
  logger: Logger,
): FeedMarkets {
  if (relay === null) return each;
  const storedCounts = () => readCounts(() => history.tradeCounts(), each.atHome, logger);
  return { ...each, feed: new RelayedFeed(each.feed, each.markets, { ...relay, storedCounts }) };
}

/** Moves the markets of one feed, and keeps the listings of its venue. */
function runFeed(
  { feed, markets, listed }: FeedMarkets,
  audience: FeedAudience,
  { feed: settings, listingsRefreshMs: refreshMs, clock, logger }: MarketDataOptions,
): { stop(): Promise<void> } {
  const runner = new FeedRunner({ feed, markets, audience, clock, logger });
  runner.start(settings.start);
  if (listed === null) return runner;
  const { protocol, listings } = listed;
  const watch = new ListingWatch({
    protocol,
    markets,
    clock,
    logger,
    ...(refreshMs === undefined ? {} : { refreshMs }),
  });
  watch.start(listings);
  return {
    stop: async () => {
      await watch.stop();
      await runner.stop();
    },
  };
}

async function load({ maxQuoteAgeMs }: MarketDataOptions, store: MarketDataStore) {
  try {
    const catalog = withQuoteAge(await store.loadCatalog(), maxQuoteAgeMs);
    return { catalog, history: await store.history.load(catalog) };
  } catch (cause) {
    throw new Error('The market-data database cannot be read: is it there, and migrated?', {
      cause,
    });
  }
}

function createServer(
  { passportKeys, clock, logger }: MarketDataOptions,
  store: MarketDataStore,
  useCases: MarketDataUseCases,
): Promise<SubgraphServer> {
  return createSubgraphServer<MarketDataContext>(
    {
      name: 'market-data',
      schema,
      createContext: ({ viewer, requestId }) => ({
        viewer,
        requestId,
        loaders: createLoaders(store.history),
        useCases,
      }),
      isReady: () => store.isReachable(),
    },
    { passportKeys, clock, logger },
  );
}

function withQuoteAge(catalog: Catalog, maxQuoteAgeMs: number | undefined): Catalog {
  if (maxQuoteAgeMs === undefined) return catalog;
  const instruments = [...catalog.instruments].map(
    ([symbol, instrument]) => [symbol, { ...instrument, maxQuoteAgeMs }] as const,
  );
  return { ...catalog, instruments: new Map(instruments) };
}
