import { postgresAdapter } from '#shared/store/postgres-adapter.ts';
import { PrismaClient } from '../__generated__/prisma/client.ts';

/** One for the background writer, the others for queries. */
const CONNECTIONS = 6;

/** The Prisma client of the market-data store; stays inside `store/`. */
export type MarketDataClient = PrismaClient;

/** Opens the client; it connects with its first statement. */
export function openMarketDataClient(options: {
  readonly databaseUrl: string;
  readonly onConnectionError: (cause: unknown) => void;
  /** For work that nobody waits for. */
  readonly statementTimeoutMs?: number;
}): MarketDataClient {
  return new PrismaClient({ adapter: postgresAdapter({ ...options, connections: CONNECTIONS }) });
}
