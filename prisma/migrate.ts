import pg from 'pg';
import { migrationNames, readMigrations } from './migration-folder.ts';
import type { StoreName } from './store-name.ts';

/**
 * Brings one database to the newest migration of its store and records each in
 * `_prisma_migrations`, as `prisma migrate deploy` would. A database that is there already is left
 * after one small query.
 * @throws Error when a migration fails; it stays recorded as failed until somebody looks at it
 */
export async function migrate(store: StoreName, databaseUrl: string): Promise<void> {
  if (await isUpToDate(store, databaseUrl)) return;
  // The engine is five megabytes of WebAssembly: loaded only where it has something to do.
  const { openSchemaEngine, NO_FILTERS } = await import('./schema-engine.ts');
  const engine = await openSchemaEngine(databaseUrl);
  try {
    await engine.applyMigrations({
      migrationsList: await readMigrations(store),
      filters: NO_FILTERS,
    });
  } finally {
    engine.free();
  }
}

async function isUpToDate(store: StoreName, databaseUrl: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ present: boolean }>(
      `SELECT to_regclass('_prisma_migrations') IS NOT NULL AS present`,
    );
    if (tables[0]?.present !== true) return (await migrationNames(store)).length === 0;
    const { rows } = await client.query<{ migration_name: string; finished: boolean }>(
      `SELECT migration_name, finished_at IS NOT NULL AS finished
       FROM _prisma_migrations WHERE rolled_back_at IS NULL`,
    );
    const finished = new Set(
      rows.filter((row) => row.finished).map(({ migration_name }) => migration_name),
    );
    const isSettled = rows.every((row) => row.finished);
    return isSettled && (await migrationNames(store)).every((name) => finished.has(name));
  } finally {
    await client.end();
  }
}
