import { type PostgresOptions, postgresAdapter } from '#shared/store/postgres-adapter.ts';
import { Prisma, PrismaClient } from '../__generated__/prisma/client.ts';

/** The Prisma client of the account store; stays inside `store/`. */
export type AccountClient = PrismaClient;
/** A transaction of the account database. */
export type AccountTransaction = Prisma.TransactionClient;
/** Runs statements: the client itself, or an open transaction. */
export type Statements = Pick<Prisma.TransactionClient, '$queryRaw' | '$executeRaw'>;

/** Opens the client, which connects at its first statement. */
export function openAccountClient(options: PostgresOptions): AccountClient {
  return new PrismaClient({ adapter: postgresAdapter(options) });
}
