// A server looks well on a database that was migrated under it, and fails or forgets something while it trades.
import { existsSync, readFileSync } from 'node:fs';
import pg from 'pg';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { createLogger } from '#shared/logging/logger.ts';
import { Outage } from '#shared/logging/outage.ts';
import { SERVERS_LOCK, ServerPresence } from '#shared/store/server-presence.ts';
import { migrationNames, StoreVersionError } from '#shared/store/store-version.ts';
import { migrate } from './migrate.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';

let database: TestDatabase;
let presence: ServerPresence;
/** Whether the server finds that the database is not of its version. */
let isOutdated: boolean;
/** What happens while the server looks at the version. */
let meanwhile: () => Promise<void>;
let outdated: StoreVersionError[];
let said: string[];

beforeEach(async () => {
  database = await createTestDatabase('account');
  isOutdated = false;
  meanwhile = () => Promise.resolve();
  outdated = [];
  said = [];
  const logger = createLogger(
    { unit: 'test', level: 'info' },
    { write: (line) => void said.push((JSON.parse(line) as { readonly msg: string }).msg) },
  );
  presence = new ServerPresence({
    store: 'account',
    databaseUrl: database.url,
    requireVersion: async () => {
      await meanwhile();
      if (isOutdated) throw new StoreVersionError('It is newer.');
    },
    onOutdated: (cause) => outdated.push(cause),
    outage: new Outage(logger, { away: 'it is away', back: 'it is back' }),
  });
});
afterEach(async () => {
  await presence.end();
  await database.drop();
});

/** Makes the newest migration one that has yet to be applied; applying it fails, because it was. */
async function forgetNewest(): Promise<void> {
  const newest = (await migrationNames('account')).at(-1);
  await database.sql('DELETE FROM _prisma_migrations WHERE migration_name = $1', [newest]);
}

/** How many servers are present. */
async function servers(): Promise<number> {
  const [row] = await database.sql<{ count: number }>(
    `SELECT count(*)::int AS count FROM pg_locks
     WHERE locktype = 'advisory' AND objid = $1
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    [SERVERS_LOCK],
  );
  return row?.count ?? 0;
}

/** Cuts the connections of servers. */
async function cutOff(): Promise<void> {
  const admin = new pg.Client({ connectionString: inject('postgres').adminUrl });
  await admin.connect();
  await admin.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = $1 AND application_name = 'deskgraph account'`,
    [new URL(database.url).pathname.slice(1)],
  );
  await admin.end();
}

it('a database is not migrated while servers of it run', async () => {
  await presence.begin();
  await migrate('account', database.url); // there is nothing to do
  await forgetNewest();
  await expect(migrate('account', database.url)).rejects.toThrow(
    'Servers of account run (connected from 127.0.0.1) and would fail on a migrated database: stop them first.',
  );
  await presence.end();
  await expect(migrate('account', database.url)).rejects.toThrow('already exists');
});

it('no server can start while one is migrated', async () => {
  await database.sql('SELECT pg_advisory_lock($1)', [SERVERS_LOCK]);
  await expect(presence.begin()).rejects.toThrow(
    'The account database is being migrated: start its servers when that is done.',
  );
  await database.sql('SELECT pg_advisory_unlock($1)', [SERVERS_LOCK]);
  await presence.begin();
});

it('a server that lost its connection keeps migrations away again', async () => {
  await presence.begin();
  await cutOff();
  await expect.poll(() => said).toEqual(['it is away', 'it is back']);
  expect(await servers()).toBe(1);
  expect(outdated).toEqual([]);
});

it('a server learns that its database was migrated while it was cut off', async () => {
  await presence.begin();
  isOutdated = true;
  await cutOff();
  await expect.poll(() => outdated).toHaveLength(1);
  expect(await servers()).toBe(0);
});

it('a server does not begin if its connection is lost while it looks at the version', async () => {
  meanwhile = async () => {
    await cutOff();
    await expect.poll(servers).toBe(0);
  };
  await expect(presence.begin()).rejects.toThrow('The connection was lost.');
});

/** What Linux knows of TCP connections. */
const CONNECTIONS = '/proc/net/tcp';
const ESTABLISHED = '01';
/** Of its timers, the one that asks whether the other side of an idle connection is still there. */
const PROBE = '02';
const TICKS_PER_SECOND = 100;

it.skipIf(!existsSync(CONNECTIONS))(
  'both sides of its connection soon ask whether the other one is gone without a word',
  async () => {
    await presence.begin();
    const [row] = await database.sql<{ port: number }>(
      `SELECT client_port AS port FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'deskgraph account'`,
    );
    const port = `:${row?.port.toString(16).toUpperCase().padStart(4, '0')} `;
    const sides = () =>
      readFileSync(CONNECTIONS, 'utf8')
        .split('\n')
        .filter((line) => line.includes(port))
        .map((line) => line.trim().split(/\s+/))
        // An earlier connection of the same port may not be forgotten yet.
        .filter(([, , , state]) => state === ESTABLISHED);
    const timers = () =>
      sides().map((fields) => {
        const [kind, ticks = ''] = fields[5]?.split(':') ?? [];
        return { kind, isSoon: parseInt(ticks, 16) <= 10 * TICKS_PER_SECOND };
      });
    const soon = { kind: PROBE, isSoon: true };
    await expect.poll(timers).toEqual([soon, soon]);
  },
);
