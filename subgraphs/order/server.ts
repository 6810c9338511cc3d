import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Clock } from '#shared/domain/clock.ts';
import {
  parseClientRfqId,
  parseComparisonTokenId,
  parseOrderId,
  parseQuoteId,
  parseRfqId,
  trusted,
} from '#shared/domain/ids.ts';
import type { EventBus } from '#shared/events/event-bus.ts';
import { SendingTurns } from '#shared/events/sending-turns.ts';
import { type FaultPoint, noFault } from '#shared/faults/fault-point.ts';
import type { PassportKey } from '#shared/identity/passport.ts';
import type { Logger } from '#shared/logging/logger.ts';
import {
  createSubgraphServer,
  type SubgraphServer,
} from '#shared/subgraph/create-subgraph-server.ts';
import { buildGuardedSchema } from '#shared/subgraph/guarded-schema.ts';
import { SubgraphClient } from '#shared/subgraph/subgraph-client.ts';
import type { SubgraphMetrics } from '#shared/subgraph/subgraph-metrics.ts';
import { withServerPresence } from '#shared/subgraph/with-server-presence.ts';
import { readAtStart } from '#shared/store/database-check.ts';
import { createOrderContext } from './context.ts';
import type { HouseSettings } from './domain/house-liquidity.ts';
import { MESSAGE_RATE, MessageRate } from './domain/rules/message-rate.ts';
import type { RateWindow } from './domain/rules/sender-rate.ts';
import { OneAtATime } from './domain/one-at-a-time.ts';
import { NO_BACKLOG } from './domain/ports/outbox.ts';
import { RequestRate } from './domain/rfq/request-rate.ts';
import { RFQ_SETTINGS, type RfqSettings } from './domain/rfq/rfq-settings.ts';
import { GroupedOrderLookup } from './engine/grouped-order-lookup.ts';
import { OutboxPruning } from './engine/outbox/outbox-pruning.ts';
import { type Engine, startEngine } from './engine/start-engine.ts';
import { within } from './engine/within.ts';
import { AccountFunds } from './funds/account-funds.ts';
import { lookForLedger } from './funds/look-for-ledger.ts';
import { InstrumentCatalog } from './instruments/instrument-catalog.ts';
import { permissions } from './permissions.ts';
import { resolvers } from './resolvers/index.ts';
import { orderEventOfJson, orderEventToJson } from './store/order-event-json.ts';
import { openOrderStores, type OrderStores } from './store/open-order-stores.ts';
import type { RfqDesk } from './rfq-use-cases.ts';
import { rfqEventOfJson, rfqEventToJson } from './store/rfq-event-json.ts';
import type { OutsidePricerSettings } from './venue/outside-pricer-settings.ts';
import type { OrderDesk } from './use-cases.ts';

const schema = buildGuardedSchema({
  typeDefs: readFileSync(new URL('./schema.graphql', import.meta.url), 'utf8'),
  resolvers,
  permissions,
});

/** Where another subgraph is, and the key for calling it. */
interface PeerAddress {
  readonly url: string;
  readonly passportKey: PassportKey;
}

/** What the order subgraph is built from. */
export interface OrderServerOptions {
  readonly databaseUrl: string;
  readonly bus: EventBus;
  /** The keys of accepted passports. */
  readonly passportKeys: readonly PassportKey[];
  readonly account: PeerAddress;
  readonly marketData: PeerAddress;
  readonly house: HouseSettings;
  /** How the desk quotes on request; `RFQ_SETTINGS` if omitted. */
  readonly rfq?: RfqSettings;
  /** A pricer outside that quotes in place of the desk's own; none if omitted. */
  readonly outsidePricer?: OutsidePricerSettings | null;
  /** How many messages one account can send; `MESSAGE_RATE` if omitted. */
  readonly messageRate?: RateWindow;
  /** Where a test kills the process; nowhere if omitted. */
  readonly faults?: FaultPoint;
  /** Where measurements are recorded; nowhere if omitted. */
  readonly metrics?: SubgraphMetrics | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Builds the order subgraph: its stores, its engine and its server. It accepts commands as soon as
 * market-data has sent the instruments, and is ready on `/health/ready` from then on.
 * @throws Error if the database cannot be read
 */
export async function createOrderServer(options: OrderServerOptions): Promise<SubgraphServer> {
  const { logger } = options;
  const opened = openOrderStores({
    ...options,
    onConnectionError: (cause) => logger.warn({ err: cause }, 'a database connection was lost'),
  });
  const stores = withServerPresence('order', opened, options);
  try {
    await readAtStart('order', () => stores.requireVersion());
    return await createServerOn(stores, options);
  } catch (cause) {
    await stores.close();
    throw cause;
  }
}

async function createServerOn(
  stores: OrderStores,
  options: OrderServerOptions,
): Promise<SubgraphServer> {
  const { bus, clock, logger } = options;
  const account = new SubgraphClient({ name: 'account', ...options.account }, clock);
  const marketData = new SubgraphClient({ name: 'market-data', ...options.marketData }, clock);
  const instruments = new InstrumentCatalog({ marketData, clock, logger });
  const instrumentsLoaded = instruments.start();
  // Stopping a server before the instruments were ever loaded is not a failure.
  instrumentsLoaded.catch(() => undefined);
  const measures = await openMeasures(options);
  const engine = await startEngine({
    lease: stores.lease,
    journal: stores.journal,
    outbox: stores.outbox,
    funds: new AccountFunds(account),
    instruments,
    instrumentsLoaded,
    bus,
    eventToJson: orderEventToJson,
    rfqEventToJson,
    house: options.house,
    rfq: options.rfq ?? RFQ_SETTINGS,
    outsidePricer: options.outsidePricer ?? null,
    faults: options.faults ?? noFault,
    measures,
    clock,
    logger,
  });
  // Of several processes the owner of the books sends the outbox: their sum is what waits.
  measures?.watchOutbox(() => (engine.isOwner() ? stores.backlog() : Promise.resolve(NO_BACKLOG)));
  const closing = new AbortController();
  void lookForLedger(account, logger, closing.signal);
  const pruning = new OutboxPruning({ sent: stores.sentCommands, logger });
  pruning.start();
  const desk = deskOf(stores, engine, instruments, options);
  const server = await createSubgraphServer(
    {
      name: 'order',
      schema,
      createContext: createOrderContext(desk, stores),
      needs: async () => ({
        'order books': engine.isOwner(),
        instruments: instruments.isLoaded,
        'event bus': bus.isConnected(),
        database: await stores.isReachable(),
      }),
    },
    options,
  );
  return {
    listen: (address) => server.listen(address),
    stop: async () => {
      await server.stop();
      closing.abort();
      instruments.close();
      await Promise.all([engine.stop(), pruning.stop()]);
      await Promise.all([account.close(), marketData.close()]);
      await stores.close();
    },
  };
}

/** The library is loaded only if somebody reads what is measured. */
async function openMeasures({ metrics }: OrderServerOptions) {
  if (metrics === undefined) return undefined;
  const { EngineMetrics } = await import('./engine-metrics.ts');
  return new EngineMetrics(metrics.registry);
}

function deskOf(
  stores: OrderStores,
  engine: Engine,
  instruments: InstrumentCatalog,
  { bus, clock, messageRate = MESSAGE_RATE, rfq = RFQ_SETTINGS }: OrderServerOptions,
): OrderDesk & RfqDesk {
  return {
    journal: engine.orders,
    rfqJournal: engine.rfqs,
    requestRate: new RequestRate(rfq.requestWindows),
    rfqSettings: rfq,
    rfqStatistics: stores.rfqStatistics,
    comparisons: engine.comparisons,
    newComparisonTokenId: () => trusted(parseComparisonTokenId, randomUUID()),
    levels: engine.levels,
    newClientRfqId: () => trusted(parseClientRfqId, randomUUID()),
    newRfqId: () => trusted(parseRfqId, randomUUID()),
    newQuoteId: () => trusted(parseQuoteId, randomUUID()),
    rfqEvents: stores.rfqs,
    rfqEventOfJson,
    safety: engine.safety,
    orders: new GroupedOrderLookup(stores.lookups),
    instruments,
    twins: new OneAtATime(),
    messageRate: new MessageRate(messageRate),
    newOrderId: () => trusted(parseOrderId, randomUUID()),
    within,
    events: stores.events,
    eventOfJson: orderEventOfJson,
    bus,
    sendingTurns: new SendingTurns(),
    clock,
  };
}
