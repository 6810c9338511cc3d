import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { databaseOf } from './embedded/roles.ts';
import { migrate } from './migrate.ts';
import type { StoreName } from './store-name.ts';

/** Any constant works: the lock keeps two test files from creating the same template at once. */
const TEMPLATE_LOCK = 4001;

/** A database for one test file. */
export interface TestDatabase {
  /** URL of the database, as the store's own role. */
  readonly url: string;
  /** Runs a statement, always on the same connection, which begins with the first. @returns its rows */
  sql<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<readonly Row[]>;
  /** Drops it, and cuts whatever is still connected to it. */
  drop(): Promise<void>;
}

/**
 * Creates a fresh, migrated database on the PostgreSQL of the test run. It copies a template that is
 * migrated once per run, which takes about 30 ms.
 */
export async function createTestDatabase(store: StoreName): Promise<TestDatabase> {
  const name = `test_${databaseOf(store)}_${randomUUID().slice(0, 8)}`;
  await asAdmin(async (admin) => {
    await admin.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const template = await createTemplate(admin, store);
    await admin.query(
      `CREATE DATABASE ${name} TEMPLATE ${template} OWNER ${pg.escapeIdentifier(databaseOf(store))}`,
    );
  });
  const url = urlOf(store, name);
  const connection = new pg.Pool({ connectionString: url, max: 1, idleTimeoutMillis: 0 });
  connection.on('error', () => undefined);
  return {
    url,
    sql: async <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) =>
      (await connection.query<Row>(text, values)).rows,
    drop: async () => {
      await connection.end();
      await asAdmin(async (admin) => void (await admin.query(`DROP DATABASE ${name} (FORCE)`)));
    },
  };
}

async function createTemplate(admin: pg.Client, store: StoreName): Promise<string> {
  const name = `template_${databaseOf(store)}`;
  const { rows } = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
  if (rows.length > 0) return name;
  const unfinished = `${name}_unfinished`;
  await admin.query(`DROP DATABASE IF EXISTS ${unfinished} (FORCE)`);
  await admin.query(
    `CREATE DATABASE ${unfinished} OWNER ${pg.escapeIdentifier(databaseOf(store))}`,
  );
  await migrate(store, urlOf(store, unfinished));
  await admin.query(`ALTER DATABASE ${unfinished} RENAME TO ${name}`);
  return name;
}

async function asAdmin(work: (admin: pg.Client) => Promise<void>): Promise<void> {
  const admin = new pg.Client({ connectionString: inject('postgres').adminUrl });
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}

function urlOf(store: StoreName, database: string): string {
  const url = new URL(inject('postgres').urls[store]);
  url.pathname = `/${database}`;
  return url.href;
}
