import type { Viewer } from '#shared/identity/viewer.ts';
import type { MarketDataLoaders } from './loaders.ts';
import type { MarketDataUseCases } from './use-cases.ts';

/** What a resolver of this subgraph may use; made for each request. */
export interface MarketDataContext {
  readonly viewer: Viewer;
  readonly requestId: string;
  readonly loaders: MarketDataLoaders;
  readonly useCases: MarketDataUseCases;
}
