import type { Viewer } from '#shared/identity/viewer.ts';
import type { SubgraphRequest } from '#shared/subgraph/subgraph-request.ts';
import { createLoaders, type MarketDataLoaders } from './loaders.ts';
import type { MarketDataStores } from './store/open-market-data-stores.ts';
import type { MarketDataUseCases } from './use-cases.ts';

/** What a resolver is given: made once for each request, and for each subscription operation. */
export interface MarketDataContext {
  readonly viewer: Viewer;
  readonly requestId: string;
  readonly loaders: MarketDataLoaders;
  readonly useCases: MarketDataUseCases;
}

/** Makes each request's context. */
export function createMarketDataContext(useCases: MarketDataUseCases, stores: MarketDataStores) {
  return ({ viewer, requestId }: SubgraphRequest): MarketDataContext => {
    const loaders = createLoaders(stores.history);
    return { viewer, requestId, loaders, useCases };
  };
}
