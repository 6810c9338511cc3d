import pg from 'pg';
import { z } from 'zod';
import { STORE_NAMES, type StoreName } from '../store-name.ts';

/** One password for the superuser and one for each store's role. */
export type Passwords = Readonly<Record<StoreName | 'postgres', string>>;

/** How they are kept. */
export const passwordsForm: z.ZodType<Passwords> = z.record(
  z.enum([...STORE_NAMES, 'postgres']),
  z.string().min(1),
);

/** A store's database and its role have one name: `market_data` for the store `market-data`. */
export function databaseOf(store: StoreName): string {
  return store.replace('-', '_');
}

/**
 * Creates each store's role and database if missing. A role owns its own database and cannot connect to
 * any other.
 */
export async function createRolesAndDatabases(
  admin: pg.Client,
  passwords: Passwords,
): Promise<void> {
  const { rows } = await admin.query<{ datname: string }>('SELECT datname FROM pg_database');
  const present = new Set(rows.map(({ datname }) => datname));
  const missing = STORE_NAMES.filter((store) => !present.has(databaseOf(store)));
  for (const store of missing) await createStore(admin, store, passwords[store]);
  // Each time: a start can have been killed just after it had created them.
  const all = ['postgres', 'template1', ...STORE_NAMES.map(databaseOf)].map(pg.escapeIdentifier);
  await admin.query(`REVOKE CONNECT ON DATABASE ${all.join(', ')} FROM PUBLIC`);
}

async function createStore(admin: pg.Client, store: StoreName, password: string): Promise<void> {
  const name = pg.escapeIdentifier(databaseOf(store));
  const { rows } = await admin.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [
    databaseOf(store),
  ]);
  if (rows.length === 0) await admin.query(`CREATE ROLE ${name} LOGIN`);
  await admin.query(`ALTER ROLE ${name} PASSWORD ${pg.escapeLiteral(password)}`);
  await admin.query(`CREATE DATABASE ${name} OWNER ${name}`);
}
