import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { seedAccount } from '../../prisma/account/seed.ts';
import { type SeededTrader, seedTrader } from '../../prisma/account/test-seed-trader.ts';
import { auditLedger } from '../../prisma/audit/audit-ledger.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../prisma/embedded-postgres.ts';
import { seedMarketData } from '../../prisma/market-data/seed.ts';
import { migrate } from '../../prisma/migrate.ts';
import { STORE_NAMES, type StoreName } from '../../prisma/store-name.ts';

const COMMIT_WINDOW_MS = 1500;
const MS_PER_SECOND = 1000;
const MICROSECONDS_PER_MS = 1000;
const POLL_MS = 5;

/** Two accounts that trade with each other: the seller sells what the buyer buys. */
export interface TradingPair {
  readonly seller: SeededTrader;
  readonly buyer: SeededTrader;
}

/** A durable PostgreSQL with the three stores, for one run. */
export interface BenchStores {
  readonly urls: Readonly<Record<StoreName, string>>;
  /** A copy of the order store's tables, with an index that finds the next maker in the table itself. */
  readonly plainUrl: string;
  /** PostgreSQL's main process, the parent of those that serve connections. */
  readonly postgresPid: number;
  /** Traders with more funds than a run can spend. */
  readonly pairs: readonly TradingPair[];
  /** One-row commits per second, one after the other: the limit that the disk sets. */
  commitsPerSecond(): Promise<number>;
  /** Waits until everything that has traded is settled in the ledger. */
  untilSettled(): Promise<void>;
  /** Audits both stores. @throws Error if money was created or lost */
  audit(): Promise<void>;
  stop(): Promise<void>;
}

/** What the stores of a run are to have. */
interface StoresOptions {
  /** How many pairs of traders. */
  readonly pairs: number;
  /** What each commit takes longer, in milliseconds; 0 if omitted. */
  readonly commitMs?: number;
}

/** Runs `work` on a PostgreSQL with migrated and seeded stores. */
export async function withBenchStores<Result>(
  options: StoresOptions,
  work: (stores: BenchStores) => Promise<Result>,
): Promise<Result> {
  const stores = await startBenchStores(options);
  try {
    return await work(stores);
  } finally {
    await stores.stop();
  }
}

async function startBenchStores({ pairs, commitMs = 0 }: StoresOptions): Promise<BenchStores> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'deskgraph-bench-'));
  const postgres = await startEmbeddedPostgres({ dataDirectory });
  for (const name of STORE_NAMES) await migrate(name, postgres.urls[name]);
  await seedAccount(postgres.urls.account);
  await seedMarketData(postgres.urls['market-data']);
  const plainUrl = await createPlainStore(postgres);
  const made: TradingPair[] = [];
  for (let number = 0; number < pairs; number += 1)
    made.push({
      seller: await aTrader(postgres.urls.account, `seller-${number}`, { BTC: '100000' }),
      buyer: await aTrader(postgres.urls.account, `buyer-${number}`, { USDT: '1000000000' }),
    });
  const admin = new pg.Client({ connectionString: postgres.adminUrl });
  await admin.connect();
  if (commitMs > 0) await slowCommitsDown(admin, commitMs);
  await admin.query('CREATE TABLE single_rows (id bigserial PRIMARY KEY, at timestamptz)');
  const orders = new pg.Client({ connectionString: postgres.urls.order });
  await orders.connect();
  return {
    urls: postgres.urls,
    plainUrl,
    postgresPid: await postgresPidOf(admin),
    pairs: made,
    commitsPerSecond: () => commitsPerSecond(admin),
    untilSettled: () => untilSettled(orders),
    audit: async () => {
      const findings = await auditLedger(postgres.urls);
      if (findings.length > 0) throw new Error(`Money was lost: ${JSON.stringify(findings)}`);
    },
    stop: async () => {
      await Promise.all([admin.end(), orders.end()]);
      await postgres.discard();
    },
  };
}

async function createPlainStore({ adminUrl }: EmbeddedPostgres): Promise<string> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  await admin.query('CREATE DATABASE plain_order');
  await admin.end();
  const url = new URL(adminUrl);
  url.pathname = '/plain_order';
  await migrate('order', url.href);
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await client.query(`
    CREATE INDEX ON orders (symbol, side, limit_price, priority) WHERE status = 'ACCEPTED'`);
  await client.end();
  return url.href;
}

function aTrader(databaseUrl: string, name: string, balances: Readonly<Record<string, string>>) {
  return seedTrader(databaseUrl, { name, balances });
}

async function postgresPidOf(admin: pg.Client): Promise<number> {
  const { rows } = await admin.query<{ pid: number }>(
    "SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int AS pid",
  );
  return rows[0]?.pid ?? 0;
}

/**
 * Lets PostgreSQL wait before it writes a commit to the disk, as long as it has the lock under which one process writes
 * for all that wait: a slower disk has just that effect.
 */
async function slowCommitsDown(admin: pg.Client, commitMs: number): Promise<void> {
  await admin.query('ALTER SYSTEM SET commit_siblings = 0');
  await admin.query(
    `ALTER SYSTEM SET commit_delay = ${Math.round(commitMs * MICROSECONDS_PER_MS)}`,
  );
  await admin.query('SELECT pg_reload_conf()');
}

async function commitsPerSecond(client: pg.Client): Promise<number> {
  const startedAt = performance.now();
  let commits = 0;
  for (; performance.now() - startedAt < COMMIT_WINDOW_MS; commits += 1)
    await client.query({ name: 'one', text: 'INSERT INTO single_rows (at) VALUES (now())' });
  return (commits * MS_PER_SECOND) / (performance.now() - startedAt);
}

async function untilSettled(client: pg.Client): Promise<void> {
  for (;;) {
    const { rows } = await client.query<{ waits: boolean }>(
      'SELECT EXISTS (SELECT FROM outbox WHERE sent_at IS NULL) AS waits',
    );
    if (rows[0]?.waits !== true) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
