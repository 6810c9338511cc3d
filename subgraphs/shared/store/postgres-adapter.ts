import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { isTracing } from '#shared/tracing/tracing.ts';
import { addressWithOptions } from './address-with-options.ts';
import { ImpatientClient } from './impatient-client.ts';
import { PreparedStatements, statementName } from './prepared-statements.ts';
import { tracedAdapter } from './traced-adapter.ts';

const CONNECT_TIMEOUT_MS = 2000;
const STATEMENT_TIMEOUT_MS = 2000;
const LOCK_TIMEOUT_MS = 1000;
/**
 * An answer is waited for this much longer than a statement can take: after that the server itself
 * is gone.
 */
const ANSWER_GRACE_MS = 1000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 5000;

/**
 * Stores look rows up by key. A prepared statement keeps its plan, and one made while a table was
 * nearly empty would still read the whole table after it has grown, until statistics are
 * collected again.
 */
const PLANNER = '-c enable_seqscan=off';

/**
 * Prisma writes times without their zone and ignores the zone of those it reads: both are in UTC, and
 * would be hours off on a PostgreSQL that has another one.
 */
const TIMES = '-c timezone=UTC -c datestyle=ISO';

/**
 * How long an interactive transaction can wait for a connection, and then take. The first ones have
 * to connect, so they wait as long as that can take: less refused them on a busy machine.
 */
export const TRANSACTION_LIMITS = { maxWait: CONNECT_TIMEOUT_MS, timeout: 3000 } as const;

/** Where a store's PostgreSQL is, and how to connect to it. */
export interface PostgresOptions {
  readonly databaseUrl: string;
  /** The most connections. */
  readonly connections: number;
  /** Called for a connection that broke while idle; the pool replaces it. */
  readonly onConnectionError: (cause: unknown) => void;
  /** For background work; requests have 2 s. */
  readonly statementTimeoutMs?: number;
}

/**
 * The connection from a store's Prisma client to its PostgreSQL: every wait has an end, even if the
 * server is gone without a word, and statements are prepared once per connection.
 */
export function postgresAdapter(options: PostgresOptions): PrismaPg {
  return adapterOn(configOf(options), options);
}

/** Connections that a Prisma client shares with statements that go past it. */
export interface SharedPostgres {
  readonly adapter: PrismaPg;
  readonly statements: PreparedStatements;
  /** Closes the connections. Call it after the client has disconnected. */
  close(): Promise<void>;
}

/** The same connection for a store that also has statements that go past its Prisma client. */
export function sharePostgres(options: PostgresOptions): SharedPostgres {
  const pool = new pg.Pool(configOf(options));
  pool.on('error', options.onConnectionError);
  return {
    // The pool itself calls it.
    adapter: adapterOn(pool, { ...options, onPoolError: () => undefined }),
    statements: new PreparedStatements(pool),
    close: () => pool.end(),
  };
}

function adapterOn(
  connections: pg.Pool | pg.PoolConfig,
  {
    onConnectionError,
    onPoolError = onConnectionError,
  }: Pick<PostgresOptions, 'onConnectionError'> & {
    readonly onPoolError?: PostgresOptions['onConnectionError'];
  },
): PrismaPg {
  const adapter = new PrismaPg(connections, {
    onPoolError,
    onConnectionError,
    statementNameGenerator: ({ sql }) => statementName(sql),
  });
  return isTracing() ? tracedAdapter(adapter) : adapter;
}

function configOf(options: PostgresOptions): pg.PoolConfig {
  const statementTimeoutMs = options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS;
  return {
    ...addressWithOptions(options.databaseUrl, `${PLANNER} ${TIMES}`),
    max: options.connections,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + ANSWER_GRACE_MS,
    keepAlive: true,
    Client: ImpatientClient,
    lock_timeout: LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
  };
}
