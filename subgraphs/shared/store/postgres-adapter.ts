import { createHash } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import { isTracing } from '#shared/tracing/tracing.ts';
import { ImpatientClient } from './impatient-client.ts';
import { tracedAdapter } from './traced-adapter.ts';

const CONNECT_TIMEOUT_MS = 2000;
const STATEMENT_TIMEOUT_MS = 2000;
const LOCK_TIMEOUT_MS = 1000;
/** So much longer than a statement may take is waited for its answer: then it is the server that is gone. */
const ANSWER_GRACE_MS = 1000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 5000;

/**
 * Stores ask by keys. A prepared statement keeps its plan, and one that was made while a table was nearly
 * empty would go on reading the whole table when it has grown, until statistics are collected again.
 */
const PLANNER = '-c enable_seqscan=off';

/** How long an interactive transaction may wait for a connection, and then take. */
export const TRANSACTION_LIMITS = { maxWait: 500, timeout: 3000 } as const;

/**
 * The way from a store's Prisma client to its PostgreSQL: every wait has an end, even if the server is
 * gone without a word, and statements are prepared once per connection.
 */
export function postgresAdapter(options: {
  readonly databaseUrl: string;
  /** Connections at most. */
  readonly connections: number;
  /** Told of a connection that broke while idle; the pool replaces it. */
  readonly onConnectionError: (cause: unknown) => void;
  /** For work that nobody waits for; requests have 2 s. */
  readonly statementTimeoutMs?: number;
}): PrismaPg {
  const statementTimeoutMs = options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS;
  const adapter = new PrismaPg(
    {
      connectionString: options.databaseUrl,
      max: options.connections,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      statement_timeout: statementTimeoutMs,
      query_timeout: statementTimeoutMs + ANSWER_GRACE_MS,
      keepAlive: true,
      options: PLANNER,
      Client: ImpatientClient,
      lock_timeout: LOCK_TIMEOUT_MS,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    },
    {
      onPoolError: options.onConnectionError,
      onConnectionError: options.onConnectionError,
      statementNameGenerator: ({ sql }) => createHash('md5').update(sql).digest('base64url'),
    },
  );
  return isTracing() ? tracedAdapter(adapter) : adapter;
}
