import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { databaseOf } from './embedded/roles.ts';
import { migrate } from './migrate.ts';
import { migrationNames, readMigrations, storeFolder } from './migration-folder.ts';
import { NO_FILTERS, openSchemaEngine } from './schema-engine.ts';
import { STORE_NAMES, type StoreName } from './store-name.ts';

const { adminUrl, urls } = inject('postgres');
const made: string[] = [];

afterEach(async () => {
  for (const name of made.splice(0)) await query(adminUrl, `DROP DATABASE ${name} (FORCE)`);
});

async function query(url: string, sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}

async function emptyDatabase(store: StoreName): Promise<string> {
  const name = `test_migrate_${randomUUID().slice(0, 8)}`;
  await query(adminUrl, `CREATE DATABASE ${name} OWNER "${databaseOf(store)}"`);
  made.push(name);
  const url = new URL(urls[store]);
  url.pathname = `/${name}`;
  return url.href;
}

describe.each(STORE_NAMES)('the migrations of %s', (store) => {
  it('apply to an empty database, and are recorded as Prisma would', async () => {
    const url = await emptyDatabase(store);
    await migrate(store, url);
    const { rows } = await query(
      url,
      `SELECT migration_name, length(checksum) AS checksum, finished_at IS NOT NULL AS finished,
              applied_steps_count AS steps
       FROM _prisma_migrations ORDER BY migration_name`,
    );
    const names = await migrationNames(store);
    expect(rows).toEqual(
      names.map((name) => ({ migration_name: name, checksum: 64, finished: true, steps: 1 })),
    );
  });

  it('may be applied again, and change nothing', async () => {
    const url = await emptyDatabase(store);
    await migrate(store, url);
    const history = 'SELECT * FROM _prisma_migrations ORDER BY started_at';
    const before = (await query(url, history)).rows;
    await migrate(store, url);
    expect((await query(url, history)).rows).toEqual(before);
  });

  it('lead to schema.prisma', async () => {
    const engine = await openSchemaEngine(await emptyDatabase(store), await emptyDatabase(store));
    const file = path.join(storeFolder(store), 'schema.prisma');
    const { stdout } = await engine.diff({
      from: { tag: 'migrations', ...(await readMigrations(store)) },
      to: {
        tag: 'schemaDatamodel',
        files: [{ path: file, content: await readFile(file, 'utf8') }],
      },
      script: true,
      exitCode: null,
      filters: NO_FILTERS,
    });
    engine.free();
    expect(stdout).toContain('This is an empty migration');
  });
});

describe('a migration that fails', () => {
  it('leaves nothing of itself behind, and stops the next start too', async () => {
    const url = await emptyDatabase('account');
    // A type of a table's name makes the first migration fail half way through.
    await query(url, 'CREATE TYPE ledger_entries AS (id text)');
    await expect(migrate('account', url)).rejects.toThrow('already exists');
    const { rows } = await query(url, `SELECT to_regclass('accounts') IS NULL AS gone`);
    expect(rows).toEqual([{ gone: true }]);
    await expect(migrate('account', url)).rejects.toThrow();
  });
});
