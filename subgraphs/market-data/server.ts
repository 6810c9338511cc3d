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
import { readAtStart } from '#shared/store/database-check.ts';
import type { SubgraphMetrics } from '#shared/subgraph/subgraph-metrics.ts';
import { withServerPresence } from '#shared/subgraph/with-server-presence.ts';
import { buildGuardedSchema } from '#shared/subgraph/guarded-schema.ts';
import { createMarketDataContext } from './context.ts';
import type { Catalog } from './domain/catalog/catalog.ts';
import { VenueMarkets } from './domain/venue-markets.ts';
import { type FeedAudience, FeedRunner } from './feed/feed-runner.ts';
import type { FeedSettings } from './feed/feed-settings.ts';
import { ListingWatch } from './feed/live/listing-watch.ts';
import { openFeeds } from './feed/open-feed.ts';
import { decideHomes, type FeedMarkets, openMarkets } from './feed/open-markets.ts';
import { FeedDuty } from './feed/relay/feed-duty.ts';
import { RelayedFeed, type RelayParts } from './feed/relay/relayed-feed.ts';
import { readCounts } from './feed/relay/trade-counts.ts';
import { permissions } from './permissions.ts';
import { resolvers } from './resolvers/index.ts';
import { HistoryWriter } from './store/history-writer.ts';
import { type MarketDataStores, openMarketDataStores } from './store/open-market-data-stores.ts';
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
export interface MarketDataServerOptions {
  readonly databaseUrl: string;
  readonly bus: EventBus;
  /** What several market-data processes share, so that one of them reads the feed; omitted if this one is alone. */
  readonly state?: SharedState | undefined;
  /** The keys of accepted passports. */
  readonly passportKeys: readonly PassportKey[];
  readonly feed: FeedSettings;
  /** Replaces every instrument's own `maxQuoteAgeMs`. */
  readonly maxQuoteAgeMs?: number | undefined;
  /** How often the venues' lists of instruments are read; the default of `ListingWatch` if omitted. */
  readonly listingsRefreshMs?: number;
  /** Where measurements are recorded; nowhere if omitted. */
  readonly metrics?: SubgraphMetrics | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A market-data server, built but not listening. */
export interface MarketDataServer extends SubgraphServer {
  /** How many streams are open; 0 once every subscriber has left. */
  openStreams(): number;
}

/**
 * Builds the market-data subgraph: its stores, its feed and its server. Prices move from now on,
 * unless the feed waits for the first subscription.
 * @throws Error if the database cannot be read, or the feed cannot be opened
 */
export async function createMarketDataServer(
  options: MarketDataServerOptions,
): Promise<MarketDataServer> {
  const { bus, clock, logger } = options;
  const opened = openMarketDataStores({
    ...options,
    onConnectionError: (cause) => logger.warn({ err: cause }, 'a database connection was lost'),
  });
  const stores = withServerPresence('market-data', opened, options);
  try {
    const { catalog, feeds, markets } = await openFeedMarkets(options, stores);
    const registry = new StreamRegistry(clock);
    const streams = new MarketStreams(registry, clock);
    const useCases = new MarketDataUseCases({ catalog, markets, streams, clock });
    const server = await createSubgraphServer(
      {
        name: 'market-data',
        schema,
        createContext: createMarketDataContext(useCases, stores),
        needs: async () => ({ database: await stores.isReachable() }),
      },
      options,
    );
    const relay = await openRelay(options);
    const isOnDuty = () => relay?.duty.isHeld ?? true;
    const writer = new HistoryWriter(stores.history, markets, logger, { isOnDuty });
    const publisher = new DepthPublisher(markets, bus, isOnDuty);
    const consolidated = new ConsolidatedPublisher(markets, { bus, clock, isOnDuty });
    const running = feeds.map((each) =>
      runFeed(relayed(each, relay, stores, logger), registry, options),
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
        await stores.close();
      },
    };
  } catch (cause) {
    await stores.close();
    throw cause;
  }
}

/** Reads the store, opens the feeds, and gives each instrument its markets. */
async function openFeedMarkets(options: MarketDataServerOptions, stores: MarketDataStores) {
  const { clock, logger } = options;
  const { catalog, history, known } = await readAtStart('market-data', async () => {
    await stores.requireVersion();
    const read = withQuoteAge(await stores.loadCatalog(), options.maxQuoteAgeMs);
    return {
      catalog: read,
      history: await stores.history.load(read),
      known: await stores.homes.load(),
    };
  });
  const instruments = [...catalog.instruments.values()];
  const opened = await openFeeds(options.feed, { instruments, homes: known, clock, logger });
  const homes = await stores.homes.settle(decideHomes(instruments, opened, known), known);
  const feeds = openMarkets(opened, { instruments, homes, history, clock });
  return { catalog, feeds, markets: new VenueMarkets(feeds) };
}

/** What the feeds of a process share with other processes. */
type Relay = Omit<RelayParts, 'storedCounts'> & { readonly duty: FeedDuty };

/** Null if there is nothing to share; a recording at full speed is not shared either. */
async function openRelay(options: MarketDataServerOptions): Promise<Relay | null> {
  const { state, bus, feed, logger } = options;
  if (state === undefined || feed.speed === 'max') return null;
  const duty = new FeedDuty({ state, bus }, feed.source, logger);
  await duty.start();
  return { duty, bus, state };
}

function relayed(
  each: FeedMarkets,
  relay: Relay | null,
  { history }: MarketDataStores,
  logger: Logger,
): FeedMarkets {
  if (relay === null) return each;
  const storedCounts = () => readCounts(() => history.tradeCounts(), each.atHome, logger);
  return { ...each, feed: new RelayedFeed(each.feed, each.markets, { ...relay, storedCounts }) };
}

/** Runs one feed into its markets, and keeps the listings of its venue current. */
function runFeed(
  { feed, markets, listed }: FeedMarkets,
  audience: FeedAudience,
  { feed: settings, listingsRefreshMs: refreshMs, clock, logger }: MarketDataServerOptions,
): { stop(): Promise<void> } {
  const runner = new FeedRunner({ feed, markets, audience, clock, logger });
  runner.start(settings.start);
  if (listed === null) return runner;
  const watch = new ListingWatch({ ...listed, markets, clock, logger, refreshMs });
  watch.start(listed.listings);
  return {
    stop: async () => {
      await watch.stop();
      await runner.stop();
    },
  };
}

function withQuoteAge(catalog: Catalog, maxQuoteAgeMs: number | undefined): Catalog {
  if (maxQuoteAgeMs === undefined) return catalog;
  const instruments = [...catalog.instruments].map(
    ([symbol, instrument]) => [symbol, { ...instrument, maxQuoteAgeMs }] as const,
  );
  return { ...catalog, instruments: new Map(instruments) };
}
