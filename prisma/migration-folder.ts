import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MigrationList } from '@prisma/schema-engine-wasm';
import { migrationNames } from '#shared/store/store-version.ts';
import type { StoreName } from './store-name.ts';

const LOCKFILE = 'migration_lock.toml';

/** The absolute path of a store's schema and migrations. */
export function storeFolder(store: StoreName): string {
  return fileURLToPath(new URL(`./${store}/`, import.meta.url));
}

/** A store's migrations with their SQL, in the form that the schema engine expects. */
export async function readMigrations(store: StoreName): Promise<MigrationList> {
  const baseDir = path.join(storeFolder(store), 'migrations');
  const names = await migrationNames(store);
  const sql = await Promise.all(
    names.map((name) => readFile(path.join(baseDir, name, 'migration.sql'), 'utf8')),
  );
  return {
    baseDir,
    lockfile: { path: LOCKFILE, content: 'provider = "postgresql"\n' },
    shadowDbInitScript: '',
    migrationDirectories: names.map((name, index) => ({
      path: name,
      migrationFile: {
        path: 'migration.sql',
        content: { tag: 'ok', value: sql[index] ?? '' },
      },
    })),
  };
}
