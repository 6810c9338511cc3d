import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { afterEach, describe, expect, inject, it, vi } from 'vitest';
import { migrationNames } from '#shared/store/store-version.ts';
import { databaseOf } from './embedded/roles.ts';
import { migrate } from './migrate.ts';
import { readMigrations, storeFolder } from './migration-folder.ts';
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
    const engine = await openSchemaEngine(await emptyDatabase(store), {
      scratchUrl: await emptyDatabase(store),
    });
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

describe('a database that a newer version has migrated', () => {
  it('is refused and left as it is, because older code would trade on tables that it does not know', async () => {
    const url = await emptyDatabase('account');
    await migrate('account', url);
    const history = 'SELECT * FROM _prisma_migrations ORDER BY started_at';
    await query(
      url,
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
       VALUES ('newer', repeat('0', 64), '29991231235959_newer', now(), 1)`,
    );
    const before = (await query(url, history)).rows;
    await expect(migrate('account', url)).rejects.toThrow(
      'The account database was migrated by a newer version (29991231235959_newer): start that version, or restore a backup of before.',
    );
    await query(
      url,
      `DELETE FROM _prisma_migrations WHERE migration_name LIKE '%unused_hold_index'`,
    );
    await expect(migrate('account', url)).rejects.toThrow('by a newer version');
    expect((await query(url, history)).rows).toHaveLength(before.length - 1);
  });
});

describe('a migration that fails', () => {
  it('leaves nothing of itself behind, and is tried again by the next start', async () => {
    const url = await emptyDatabase('account');
    // A type of a table's name makes the first migration fail half way through.
    await query(url, 'CREATE TYPE ledger_entries AS (id text)');
    for (const attempt of [1, 2]) {
      await expect(migrate('account', url), `attempt ${attempt}`).rejects.toThrow('already exists');
      const { rows } = await query(url, `SELECT to_regclass('accounts') IS NULL AS gone`);
      expect(rows).toEqual([{ gone: true }]);
    }
    await query(url, 'DROP TYPE ledger_entries');
    await migrate('account', url);
    await expectFinishedOnce(url);
  });
});

describe('a migration in the middle of which', () => {
  /** Holds the first migration up half way through, by a type of a table's name that may yet come. */
  async function holdUp(url: string): Promise<pg.Client> {
    const blocker = new pg.Client({ connectionString: url });
    await blocker.connect();
    await blocker.query('BEGIN; CREATE TYPE ledger_entries AS (id text)');
    return blocker;
  }

  /** Polls until one of the database's sessions waits for such a lock. @returns its pid */
  async function waiting(url: string, lock: 'advisory' | 'transactionid'): Promise<number> {
    const name = new URL(url).pathname.slice(1);
    return vi.waitFor(
      async () => {
        const { rows } = await query(
          adminUrl,
          `SELECT pid FROM pg_stat_activity WHERE datname = '${name}' AND wait_event = '${lock}'`,
        );
        expect(rows).toHaveLength(1);
        return (rows[0] as { pid: number }).pid;
      },
      { timeout: 20_000 },
    );
  }

  it('the connection was lost is done by the next start', async () => {
    const url = await emptyDatabase('account');
    const blocker = await holdUp(url);
    const lost = expect(migrate('account', url)).rejects.toThrow('terminating connection');
    await query(adminUrl, `SELECT pg_terminate_backend(${await waiting(url, 'transactionid')})`);
    await lost;
    await blocker.end();
    await migrate('account', url);
    await expectFinishedOnce(url);
  });

  it('another one begins lets it wait, and leaves it nothing to do', async () => {
    const url = await emptyDatabase('account');
    const blocker = await holdUp(url);
    const first = migrate('account', url);
    await waiting(url, 'transactionid');
    const second = migrate('account', url);
    await waiting(url, 'advisory');
    await blocker.end();
    await Promise.all([first, second]);
    await expectFinishedOnce(url);
  });

  it('the process was killed is waited for, and counts once it is done', async () => {
    const url = await emptyDatabase('account');
    const blocker = await holdUp(url);
    const killed = spawn(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '--eval', MIGRATE, url],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    await waiting(url, 'transactionid');
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    const next = migrate('account', url);
    await waiting(url, 'advisory');
    await blocker.end();
    await next;
    await expectFinishedOnce(url);
  });
});

/** Every migration has ended, and none was applied twice. */
async function expectFinishedOnce(url: string): Promise<void> {
  const { rows } = await query(
    url,
    `SELECT migration_name FROM _prisma_migrations
     WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name`,
  );
  const names = await migrationNames('account');
  expect(rows).toEqual(names.map((name) => ({ migration_name: name })));
  const { rows: open } = await query(
    url,
    'SELECT 1 FROM _prisma_migrations WHERE finished_at IS NULL AND rolled_back_at IS NULL',
  );
  expect(open).toEqual([]);
}

/** A process that migrates the database it is given. */
const MIGRATE = `
  const { migrate } = await import('${new URL('./migrate.ts', import.meta.url).href}');
  await migrate('account', process.argv[1]);
`;
