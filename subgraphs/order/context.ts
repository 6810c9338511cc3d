import { may } from '#shared/identity/permission.ts';
import type { ClientOrigin } from '#shared/identity/client-origin.ts';
import type { Viewer } from '#shared/identity/viewer.ts';
import type { SubgraphRequest } from '#shared/subgraph/subgraph-request.ts';
import { AnswerPieces } from './answer-pieces.ts';
import type { AccountAccess } from './domain/account-access.ts';
import type { Instruments } from './domain/ports/instruments.ts';
import type { RfqAccess } from './domain/rfq/rfq-access.ts';
import { OrderLoaders } from './loaders.ts';
import { RfqLoaders } from './rfq-loaders.ts';
import { type RfqDesk, RfqUseCases } from './rfq-use-cases.ts';
import type { OrderStores } from './store/open-order-stores.ts';
import { type OrderDesk, OrderUseCases } from './use-cases.ts';

/** What a resolver is given: made once for each request, and for each subscription operation. */
export interface OrderContext {
  readonly viewer: Viewer;
  /** Where the viewer called from; null for a service, and on streams. */
  readonly origin: ClientOrigin | null;
  readonly requestId: string;
  readonly loaders: OrderLoaders;
  readonly useCases: OrderUseCases;
  readonly rfqLoaders: RfqLoaders;
  readonly rfqUseCases: RfqUseCases;
  /** For the scales of amounts in answers. */
  readonly instruments: Instruments;
  /** For the lists of each of several objects. */
  readonly pieces: AnswerPieces;
}

/** Makes each request's context. */
export function createOrderContext(
  desk: OrderDesk & RfqDesk,
  stores: Pick<OrderStores, 'queries' | 'rfqs'>,
) {
  return ({ viewer, origin, requestId }: SubgraphRequest): OrderContext => {
    const loaders = new OrderLoaders(stores.queries);
    const useCases = new OrderUseCases(desk, { access: accessOf(viewer), reads: loaders });
    const rfqLoaders = new RfqLoaders(stores.rfqs);
    const rfqUseCases = new RfqUseCases(desk, rfqAccessOf(viewer), rfqLoaders);
    const reads = { loaders, useCases, rfqLoaders, rfqUseCases };
    const { instruments } = desk;
    return { viewer, origin, requestId, ...reads, instruments, pieces: new AnswerPieces() };
  };
}

function rfqAccessOf(viewer: Viewer): RfqAccess {
  return {
    ...accessOf(viewer),
    mayRequestQuotes: (accountId) => may(viewer, 'REQUEST_QUOTES', accountId),
    mayStreamPrices: (accountId) => may(viewer, 'STREAM_PRICES', accountId),
    isMember: (accountId) => may(viewer, 'SEE_ACCOUNT', accountId),
  };
}

function accessOf(viewer: Viewer): AccountAccess {
  return {
    userId: viewer.kind === 'trader' ? viewer.userId : null,
    mayRead: (accountId) => may(viewer, 'READ_TRADES', accountId),
    mayTrade: (accountId) => may(viewer, 'TRADE', accountId),
  };
}
