// First starts on one folder that meet each other or are killed: what is left must be of use to the next one.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { becomesTrue, readPostmaster } from './embedded/postmaster.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts';
import { STORE_NAMES } from './store-name.ts';

let dataDirectory: string;
let running: EmbeddedPostgres | null;

beforeEach(() => {
  dataDirectory = mkdtempSync(path.join(tmpdir(), 'deskgraph-test-'));
  running = null;
});
afterEach(async () => {
  await running?.discard();
  rmSync(dataDirectory, { recursive: true, force: true });
});

const start = () => startEmbeddedPostgres({ dataDirectory, isDurable: false });
const names = () => (existsSync(dataDirectory) ? readdirSync(dataDirectory) : []);
const unfinished = () => names().find((name) => name.startsWith('cluster.new'));

/** Every store answers by its password, to its own role alone. */
async function expectStores({ urls }: EmbeddedPostgres): Promise<void> {
  for (const store of STORE_NAMES) {
    const client = new pg.Client({ connectionString: urls[store] });
    await client.connect();
    const { rows } = await client.query<{ name: string }>(
      `SELECT datname AS name FROM pg_database
       WHERE has_database_privilege(datname, 'CONNECT') AND datallowconn`,
    );
    await client.end();
    expect(rows).toEqual([{ name: new URL(urls[store]).pathname.slice(1) }]);
  }
}

describe('of several first starts at once', () => {
  it('one succeeds, and the others say that the folder is in use', async () => {
    const starts = await Promise.allSettled([start(), start(), start()]);
    const started = starts.filter((each) => each.status === 'fulfilled');
    const failed = starts.filter((each) => each.status === 'rejected');
    running = started[0]?.value ?? null;
    expect(started).toHaveLength(1);
    expect(failed.map(({ reason }) => String(reason))).toEqual(
      Array(2).fill(`InUseError: The data in ${dataDirectory} is in use by another process.`),
    );
    await running?.stop();
    running = await start();
    await expectStores(running);
    expect(names().filter((name) => name.includes('.new'))).toEqual([]);
  });
});

describe('a first start after one that was killed', () => {
  it.each([
    [
      'while it made the cluster',
      () => existsSync(path.join(dataDirectory, unfinished() ?? '', 'global')),
    ],
    ['when it had started it', () => readPostmaster(path.join(dataDirectory, 'cluster')) !== null],
  ])('%s, succeeds', async (_when, isTime) => {
    const killed = spawn(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '--eval', START, dataDirectory],
      { stdio: 'ignore' },
    );
    const ended = once(killed, 'exit');
    expect(await becomesTrue(isTime, 20_000)).toBe(true);
    killed.kill('SIGKILL');
    await ended;
    running = await start();
    await expectStores(running);
  });
});

describe('a start on a folder that had a database', () => {
  it('makes no empty one in its place, and takes none for gone that it cannot see', async () => {
    writeFileSync(path.join(dataDirectory, 'postgres.log'), '');
    await expect(start()).rejects.toThrow(`The database in ${dataDirectory}/cluster is gone`);
    const loop = path.join(dataDirectory, 'loop');
    symlinkSync(loop, loop);
    symlinkSync(loop, path.join(dataDirectory, 'cluster'));
    await expect(start()).rejects.toThrow('ELOOP');
  });
});

/** A process that starts PostgreSQL on the folder it is given. */
const START = `
  const { startEmbeddedPostgres } = await import('${new URL('./embedded-postgres.ts', import.meta.url).href}');
  await startEmbeddedPostgres({ dataDirectory: process.argv[1], isDurable: false });
`;
