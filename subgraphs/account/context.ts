import type { ClientOrigin } from '#shared/identity/client-origin.ts';
import type { CountedQuota } from '#shared/identity/counted-quota.ts';
import type { Viewer } from '#shared/identity/viewer.ts';
import type { SubgraphRequest } from '#shared/subgraph/subgraph-request.ts';
import { type AccountLoaders, createLoaders } from './loaders.ts';
import type { AccountStores } from './store/open-account-stores.ts';
import type { AccountUseCases } from './use-cases.ts';

/** What a resolver is given: made once for each request, and for each subscription operation. */
export interface AccountContext {
  readonly viewer: Viewer;
  /** Where the viewer called from; null for a service, and on streams. */
  readonly origin: ClientOrigin | null;
  readonly requestId: string;
  /** The viewer's quota; null if nothing is counted, or it is not asked for. */
  readonly quota: CountedQuota | null;
  readonly loaders: AccountLoaders;
  readonly useCases: AccountUseCases;
}

/** Makes each request's context. */
export function createAccountContext(useCases: AccountUseCases, stores: AccountStores) {
  return ({ viewer, origin, requestId, quota }: SubgraphRequest): AccountContext => {
    const loaders = createLoaders(stores);
    return { viewer, origin, requestId, quota, loaders, useCases };
  };
}
