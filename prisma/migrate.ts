import pg from 'pg';
import { migrationNames, readMigrations } from './migration-folder.ts';
import type { StoreName } from './store-name.ts';

/** Any constant will do: nothing else in a store's database takes advisory locks in a session. */
const MIGRATION_LOCK = 4002;

/**
 * Brings one database to the newest migration of its store and records each in
 * `_prisma_migrations`, as `prisma migrate deploy` would. A database that is there already is left
 * after one small query. One that somebody else migrates is waited for.
 * @throws Error if a migration fails: it is undone, and the next call tries it again
 */
export async function migrate(store: StoreName, databaseUrl: string): Promise<void> {
  const session = new pg.Client({ connectionString: databaseUrl });
  // What is asked next fails by itself.
  session.on('error', () => undefined);
  await session.connect();
  try {
    if (await isUpToDate(store, session)) return;
    // Scripts run in the session that has the lock: it stays taken until the last script has come to
    // its end, even where we were killed meanwhile and PostgreSQL goes on alone.
    await session.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await giveUpUnfinished(session);
    await applyMigrations(store, databaseUrl, session);
  } finally {
    await session.end();
  }
}

async function applyMigrations(
  store: StoreName,
  databaseUrl: string,
  session: pg.Client,
): Promise<void> {
  // The engine is five megabytes of WebAssembly: loaded only where it has something to do.
  const { openSchemaEngine, NO_FILTERS } = await import('./schema-engine.ts');
  const engine = await openSchemaEngine(databaseUrl, { session });
  try {
    await engine.applyMigrations({
      migrationsList: await readMigrations(store),
      filters: NO_FILTERS,
    });
  } finally {
    engine.free();
  }
}

/**
 * A script commits together with the end of its record (see `createSchemaEngineAdapter`), so one that
 * was begun and has no end did nothing. Prisma refuses to go on until somebody says so.
 */
async function giveUpUnfinished(session: pg.Client): Promise<void> {
  if (!(await isRecorded(session))) return;
  await session.query(
    `UPDATE _prisma_migrations SET rolled_back_at = now()
     WHERE finished_at IS NULL AND rolled_back_at IS NULL`,
  );
}

async function isUpToDate(store: StoreName, session: pg.Client): Promise<boolean> {
  const names = await migrationNames(store);
  if (!(await isRecorded(session))) return names.length === 0;
  const { rows } = await session.query<{ migration_name: string; finished: boolean }>(
    `SELECT migration_name, finished_at IS NOT NULL AS finished
     FROM _prisma_migrations WHERE rolled_back_at IS NULL`,
  );
  const finished = new Set(
    rows.filter((row) => row.finished).map(({ migration_name }) => migration_name),
  );
  return rows.every((row) => row.finished) && names.every((name) => finished.has(name));
}

/** Whether anything was ever migrated here. */
async function isRecorded(session: pg.Client): Promise<boolean> {
  const { rows } = await session.query<{ present: boolean }>(
    `SELECT to_regclass('_prisma_migrations') IS NOT NULL AS present`,
  );
  return rows[0]?.present === true;
}
