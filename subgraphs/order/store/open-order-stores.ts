import { postgresAdapter } from '#shared/store/postgres-adapter.ts';
import { PrismaClient } from '../__generated__/prisma/client.ts';
import { PostgresJournalStore } from './journal-store.ts';
import { PostgresOrderEvents } from './order-event-store.ts';
import { OrderQueries } from './order-queries.ts';
import { PostgresOutbox } from './outbox-store.ts';
import { RfqQueries } from './rfq-queries.ts';
import { RfqStatisticsQueries } from './rfq-statistics-queries.ts';
import { PostgresOwnerLease } from './postgres-owner-lease.ts';

const CONNECTIONS = 10;

/** The order database, as its stores. */
export interface OrderStores {
  readonly lease: PostgresOwnerLease;
  readonly journal: PostgresJournalStore;
  readonly outbox: PostgresOutbox;
  readonly queries: OrderQueries;
  readonly events: PostgresOrderEvents;
  readonly rfqs: RfqQueries;
  readonly rfqStatistics: RfqStatisticsQueries;
  /** Whether the database answers. @throws what the database says when it does not */
  ping(): Promise<boolean>;
  /** Closes the connections. */
  close(): Promise<void>;
}

/** Opens the order database; it connects with its first statement. */
export function openOrderStores(options: {
  readonly databaseUrl: string;
  /** Told of a connection that broke while idle. */
  readonly onConnectionError: (cause: unknown) => void;
}): OrderStores {
  const client = new PrismaClient({
    adapter: postgresAdapter({ ...options, connections: CONNECTIONS }),
  });
  const lease = new PostgresOwnerLease(client);
  return {
    lease,
    journal: new PostgresJournalStore(client, lease),
    outbox: new PostgresOutbox(client, lease),
    queries: new OrderQueries(client),
    events: new PostgresOrderEvents(client),
    rfqs: new RfqQueries(client),
    rfqStatistics: new RfqStatisticsQueries(client),
    ping: async () => {
      await client.$queryRaw`SELECT 1`;
      return true;
    },
    close: () => client.$disconnect(),
  };
}
