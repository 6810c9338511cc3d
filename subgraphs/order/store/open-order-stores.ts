import { isReachable } from '#shared/store/database-check.ts';
import { sharePostgres } from '#shared/store/postgres-adapter.ts';
import { PresentWrite } from '#shared/store/present-write.ts';
import { requireVersion } from '#shared/store/store-version.ts';
import { PrismaClient } from '../__generated__/prisma/client.ts';
import type { JournalStore } from '../domain/ports/journal-store.ts';
import type { OutboxBacklog } from '../domain/ports/outbox.ts';
import { PostgresJournalStore } from './journal-store.ts';
import { PostgresOrderEvents } from './order-event-store.ts';
import { OrderLookups } from './order-lookups.ts';
import { OrderQueries } from './order-queries.ts';
import { readBacklog } from './outbox-backlog.ts';
import { PostgresOutbox } from './outbox-store.ts';
import { RfqQueries } from './rfq-queries.ts';
import { RfqStatisticsQueries } from './rfq-statistics-queries.ts';
import { PostgresSentCommands } from './sent-commands.ts';
import { PostgresOwnerLease } from './owner-lease.ts';

/** Connections for clients' reads, some of which are slow. */
const READ_CONNECTIONS = 10;
/** Connections for the books: the lease, the turns and the outbox, which must not wait for reads. */
const BOOK_CONNECTIONS = 4;

/** The stores of the order database. */
export interface OrderStores {
  readonly lease: PostgresOwnerLease;
  readonly journal: JournalStore;
  readonly outbox: PostgresOutbox;
  readonly sentCommands: PostgresSentCommands;
  readonly queries: OrderQueries;
  readonly lookups: OrderLookups;
  readonly events: PostgresOrderEvents;
  readonly rfqs: RfqQueries;
  readonly rfqStatistics: RfqStatisticsQueries;
  /** What waits in the outbox now. */
  backlog(): Promise<OutboxBacklog>;
  /** See {@link requireVersion}. */
  requireVersion(): Promise<void>;
  /** Whether the database answers and can be written. Never throws. */
  isReachable(): Promise<boolean>;
  /** Closes the connections. */
  close(): Promise<void>;
}

/** Opens the order database, which connects at its first statement. */
export function openOrderStores(options: {
  readonly databaseUrl: string;
  /** Called when an idle connection breaks. */
  readonly onConnectionError: (cause: unknown) => void;
}): OrderStores {
  const ofBooks = sharePostgres({ ...options, connections: BOOK_CONNECTIONS });
  const ofReads = sharePostgres({ ...options, connections: READ_CONNECTIONS });
  const books = new PrismaClient({ adapter: ofBooks.adapter });
  const reads = new PrismaClient({ adapter: ofReads.adapter });
  const lease = new PostgresOwnerLease(books);
  const stored = new PostgresJournalStore(books, ofBooks.statements, lease);
  const turns = new PresentWrite();
  const queries = new OrderQueries(reads, turns);
  return {
    lease,
    journal: {
      load: (nowMs) => stored.load(nowMs),
      // In the step in which the turn got its time.
      commit: (changes) => turns.note(stored.commit(changes)),
    },
    outbox: new PostgresOutbox(ofBooks.statements, lease),
    sentCommands: new PostgresSentCommands(ofReads.statements),
    queries,
    lookups: new OrderLookups(queries, ofReads.statements),
    events: new PostgresOrderEvents(reads),
    rfqs: new RfqQueries(reads, ofReads.statements, turns),
    rfqStatistics: new RfqStatisticsQueries(reads, turns),
    backlog: () => readBacklog(ofReads.statements),
    requireVersion: () => requireVersion('order', books),
    isReachable: () => isReachable(books),
    close: async () => {
      await Promise.all([books.$disconnect(), reads.$disconnect()]);
      await Promise.all([ofBooks.close(), ofReads.close()]);
    },
  };
}
