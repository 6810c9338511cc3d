import type { Clock } from '#shared/domain/clock.ts';
import type { Viewer } from '#shared/identity/viewer.ts';
import type { Catalog } from './domain/catalog.ts';
import type { VenueMarkets } from './domain/venue-markets.ts';
import type { MarketDataLoaders } from './loaders.ts';
import type { MarketStreams } from './streams/market-streams.ts';

/** What this process knows of the markets; the same for every request. */
export interface MarketDesk {
  readonly catalog: Catalog;
  readonly markets: VenueMarkets;
  readonly streams: MarketStreams;
  readonly clock: Clock;
}

/** What a resolver of this subgraph may use; made for each request. */
export interface MarketDataContext {
  readonly viewer: Viewer;
  readonly requestId: string;
  readonly loaders: MarketDataLoaders;
  readonly desk: MarketDesk;
}
