import pg from 'pg';
import { SERVERS_LOCK } from '#shared/store/server-presence.ts';
import {
  migrationNames,
  migrationsByStore,
  StoreVersionError,
  versionProblem,
} from '#shared/store/store-version.ts';
import { readMigrations } from './migration-folder.ts';
import type { StoreName } from './store-name.ts';
import { tryLock } from './try-lock.ts';

/** Any constant works: migrations of one database wait for each other by it. */
const MIGRATION_LOCK = 4002;

/**
 * Migrates one database to the newest migration of its store, and records each migration in
 * `_prisma_migrations`, as `prisma migrate deploy` would. An up-to-date database costs one small query.
 * If another process is migrating the database, waits for it. No server can start meanwhile.
 * @throws Error if a migration fails; it is rolled back, and the next call tries it again
 * @throws Error with one sentence if a newer version has migrated the database or it is another store's, or
 *   if there is something to migrate and servers of the store run
 */
export async function migrate(store: StoreName, databaseUrl: string): Promise<void> {
  const session = new pg.Client({ connectionString: databaseUrl });
  // The next query reports a broken connection.
  session.on('error', () => undefined);
  await session.connect();
  try {
    if (await isUpToDate(store, session)) return;
    // Scripts run in the session that holds the lock. So the lock lasts until the last script ends,
    // even if this process is killed meanwhile and PostgreSQL finishes alone.
    await session.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    // The one that had the lock may have done everything, or more than this version knows.
    if (await isUpToDate(store, session)) return;
    await keepServersAway(store, session);
    await giveUpUnfinished(session);
    await applyMigrations(store, databaseUrl, session);
  } finally {
    await session.end();
  }
}

/** Until the session ends. @throws Error with one sentence if there are servers */
async function keepServersAway(store: StoreName, session: pg.Client): Promise<void> {
  if (await tryLock(session, SERVERS_LOCK)) return;
  const { rows } = await session.query<{ address: string }>(
    `SELECT DISTINCT coalesce(host(client_addr), 'this machine') AS address
     FROM pg_locks JOIN pg_stat_activity USING (pid)
     WHERE locktype = 'advisory' AND objid = $1 AND datname = current_database() AND pid <> pg_backend_pid()`,
    [SERVERS_LOCK],
  );
  const where = rows.map(({ address }) => address).join(', ');
  throw new Error(
    `Servers of ${store} run (connected from ${where}) and would fail on a migrated database: stop them first.`,
  );
}

async function applyMigrations(
  store: StoreName,
  databaseUrl: string,
  session: pg.Client,
): Promise<void> {
  // The engine is five megabytes of WebAssembly, so it is loaded only if there is something to do.
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
 * A script commits together with the end of its record (see `createSchemaEngineAdapter`), so a started
 * migration without an end did nothing. Prisma refuses to continue until it is marked as rolled back.
 */
async function giveUpUnfinished(session: pg.Client): Promise<void> {
  if (!(await isRecorded(session))) return;
  await session.query(
    `UPDATE _prisma_migrations SET rolled_back_at = now()
     WHERE finished_at IS NULL AND rolled_back_at IS NULL`,
  );
}

/** @throws Error if the database has a migration that this version does not know */
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
  const problem = versionProblem(store, await migrationsByStore(), [...finished]);
  if (problem?.isOlder === false) throw new StoreVersionError(problem.text);
  return rows.every((row) => row.finished) && names.every((name) => finished.has(name));
}

/** Whether this database was ever migrated. */
async function isRecorded(session: pg.Client): Promise<boolean> {
  const { rows } = await session.query<{ present: boolean }>(
    `SELECT to_regclass('_prisma_migrations') IS NOT NULL AS present`,
  );
  return rows[0]?.present === true;
}
