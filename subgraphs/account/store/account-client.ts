import { type PostgresOptions, postgresAdapter } from '#shared/store/postgres-adapter.ts';
import { Prisma, PrismaClient } from '../__generated__/prisma/client.ts';

/** The Prisma client of the account store; stays inside `store/`. */
export type AccountClient = PrismaClient;
/** One transaction of it. */
export type AccountTransaction = Prisma.TransactionClient;
/** What runs statements: the client, or the transaction it is in. */
export type Statements = Pick<Prisma.TransactionClient, '$queryRaw' | '$executeRaw'>;

/** Opens the client; it connects with its first statement. */
export function openAccountClient(options: PostgresOptions): AccountClient {
  return new PrismaClient({ adapter: postgresAdapter(options) });
}
