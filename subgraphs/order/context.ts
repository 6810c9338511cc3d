import { may } from '#shared/identity/permission.ts';
import type { ClientOrigin } from '#shared/identity/client-origin.ts';
import type { Viewer } from '#shared/identity/viewer.ts';
import type { SubgraphRequest } from '#shared/subgraph/subgraph-request.ts';
import type { AccountAccess } from './domain/account-access.ts';
import type { Instruments } from './domain/instruments.ts';
import { OrderLoaders } from './loaders.ts';
import type { OrderQueries } from './store/order-queries.ts';
import { type OrderDesk, OrderUseCases } from './use-cases.ts';

/** What resolvers have of one request. */
export interface OrderContext {
  readonly viewer: Viewer;
  /** From where the viewer called; null for a service, and on streams. */
  readonly origin: ClientOrigin | null;
  readonly loaders: OrderLoaders;
  readonly useCases: OrderUseCases;
  /** For the scales that amounts are written with. */
  readonly instruments: Instruments;
}

/** Makes each request's context. */
export function createOrderContext(desk: OrderDesk, queries: OrderQueries) {
  return ({ viewer, origin }: SubgraphRequest): OrderContext => {
    const loaders = new OrderLoaders(queries);
    const useCases = new OrderUseCases(desk, { access: accessOf(viewer), reads: loaders });
    return { viewer, origin, loaders, useCases, instruments: desk.instruments };
  };
}

function accessOf(viewer: Viewer): AccountAccess {
  return {
    mayRead: (accountId) => may(viewer, 'READ_TRADES', accountId),
    mayTrade: (accountId) => may(viewer, 'TRADE', accountId),
  };
}
