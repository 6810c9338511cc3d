// What a start finds after the last one ended badly: each case ends a real PostgreSQL or its owner.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { becomesTrue, readPostmaster } from './embedded/postmaster.ts';
import { readRunningUrls } from './embedded/running-urls.ts';
import {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from './embedded-postgres.ts';
import { STORE_NAMES } from './store-name.ts';

const dataDirectory = mkdtempSync(path.join(tmpdir(), 'deskgraph-test-'));
let running: EmbeddedPostgres | null = null;

afterEach(async () => {
  await running?.stop();
  running = null;
});
afterAll(async () => {
  await (await start()).discard();
});

async function start(
  told: Pick<EmbeddedPostgresOptions, 'onLost' | 'onSlow'> = {},
): Promise<EmbeddedPostgres> {
  running = await startEmbeddedPostgres({ dataDirectory, ...told });
  return running;
}

async function ask(url: string, sql: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<unknown[]>({ text: sql, rowMode: 'array' });
    return rows.flat();
  } finally {
    await client.end();
  }
}

function spawnOwner() {
  return spawn(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', OWNER, dataDirectory],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
}

const cluster = () => path.join(dataDirectory, 'cluster');
const postmaster = () => readPostmaster(cluster());

describe('embedded PostgreSQL', () => {
  it('gives each store a database and a role that cannot connect to another one', async () => {
    const { urls } = await start();
    for (const store of STORE_NAMES) {
      expect(await ask(urls[store], 'SELECT current_database() = current_user')).toEqual([true]);
      for (const other of STORE_NAMES.filter((name) => name !== store)) {
        const stranger = new URL(urls[store]);
        stranger.pathname = new URL(urls[other]).pathname;
        await expect(ask(stranger.href, 'SELECT 1')).rejects.toThrow('permission denied');
      }
    }
  });

  it('listens on loopback alone and keeps its passwords to itself', async () => {
    const { adminUrl } = await start();
    expect(await ask(adminUrl, 'SHOW listen_addresses')).toEqual(['127.0.0.1']);
    expect(statSync(path.join(dataDirectory, 'passwords.json')).mode & 0o777).toBe(0o600);
    const wrong = new URL(adminUrl);
    wrong.password = 'wrong';
    await expect(ask(wrong.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
  });

  it('has its data again after it was stopped', async () => {
    const first = await start();
    await ask(first.urls.order, 'CREATE TABLE stopped AS SELECT 1 AS value');
    await first.stop();
    expect(postmaster()).toBeNull();
    const second = await start();
    expect(await ask(second.urls.order, 'SELECT value FROM stopped')).toEqual([1]);
  });

  it('is waited for and taken over where its owner was killed before it was ready', async () => {
    const first = await start();
    await first.stop();
    // A server that follows another one recovers until somebody promotes it.
    const settings = path.join(cluster(), 'postgresql.auto.conf');
    const before = readFileSync(settings);
    appendFileSync(settings, 'hot_standby = off\n');
    writeFileSync(path.join(cluster(), 'standby.signal'), '', { mode: 0o644 });
    const owner = spawnOwner();
    expect(await becomesTrue(() => postmaster() !== null, 20_000)).toBe(true);
    const { pid } = postmaster() ?? { pid: 0 };
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    let waits = 0;
    const promote = () => {
      waits += 1;
      writeFileSync(path.join(cluster(), 'promote'), '');
      process.kill(pid, 'SIGUSR1');
    };
    const { adminUrl } = await start({ onSlow: promote });
    expect(postmaster()?.pid).toBe(pid);
    expect(waits).toBe(1);
    expect(await ask(adminUrl, 'SELECT pg_is_in_recovery()')).toEqual([false]);
    const log = readFileSync(path.join(dataDirectory, 'postgres.log'), 'utf8');
    expect(log.match(/starting PostgreSQL/g)?.length).toBeGreaterThan(1);
    writeFileSync(settings, before);
  });

  it('is taken over where its owner was killed', async () => {
    const owner = spawnOwner();
    await once(owner.stdout, 'data');
    const { pid } = postmaster() ?? {};
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    const { adminUrl } = await start();
    expect(postmaster()?.pid).toBe(pid);
    expect(await ask(adminUrl, 'SELECT 1')).toEqual([1]);
  });

  it('is left alone where its owner lives', async () => {
    const { adminUrl } = await start();
    await expect(startEmbeddedPostgres({ dataDirectory })).rejects.toThrow('is in use');
    expect(await ask(adminUrl, 'SELECT 1')).toEqual([1]);
  });

  it('starts again after it was killed itself', async () => {
    const first = await start();
    await ask(first.urls.order, 'CREATE TABLE kept AS SELECT 1 AS value');
    const { pid } = postmaster() ?? { pid: 0 };
    process.kill(pid, 'SIGKILL');
    const second = await start();
    expect(postmaster()?.pid).not.toBe(pid);
    expect(await ask(second.urls.order, 'SELECT value FROM kept')).toEqual([1]);
  });

  it('is still ours after it cut every session because one of them crashed', async () => {
    const { adminUrl } = await start();
    const { pid } = postmaster() ?? {};
    const owners = `SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted`;
    const [owner] = await ask(adminUrl, owners);
    process.kill(Number(owner), 'SIGKILL');
    await vi.waitFor(
      async () => {
        const [next] = await ask(adminUrl, owners);
        expect(next).toEqual(expect.any(Number));
        expect(next).not.toBe(owner);
      },
      { timeout: 20_000 },
    );
    await expect(startEmbeddedPostgres({ dataDirectory })).rejects.toThrow('is in use');
    expect(postmaster()?.pid).toBe(pid);
  });

  it('tells its owner when it has ended by itself, and not when it was stopped', async () => {
    const causes: string[] = [];
    const first = await start({ onLost: ({ message }) => causes.push(message) });
    await first.stop();
    await start({ onLost: ({ message }) => causes.push(message) });
    process.kill(postmaster()?.pid ?? 0, 'SIGKILL');
    expect(await becomesTrue(() => causes.length > 0, 20_000)).toBe(true);
    expect(causes).toEqual([`The PostgreSQL of ${dataDirectory} has ended.`]);
  });

  it('is found and stopped where its folder is reached through a link', async () => {
    const first = await start();
    await first.stop();
    const link = path.join(mkdtempSync(path.join(tmpdir(), 'deskgraph-test-')), 'link');
    symlinkSync(dataDirectory, link);
    const linked = await startEmbeddedPostgres({ dataDirectory: link });
    const { pid = 0 } = postmaster() ?? {};
    expect(Object.keys(await readRunningUrls(link))).toEqual(STORE_NAMES);
    expect(await readRunningUrls(dataDirectory)).toEqual(linked.urls);
    await linked.stop();
    expect(await becomesTrue(() => !existsSync(`/proc/${pid}`), 20_000)).toBe(true);
    rmSync(path.dirname(link), { recursive: true });
  });

  it('is stopped though its folder was removed meanwhile', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'deskgraph-test-'));
    const removed = await startEmbeddedPostgres({ dataDirectory: folder });
    const { pid = 0 } = readPostmaster(path.join(folder, 'cluster')) ?? {};
    const isGone = () => !existsSync(`/proc/${pid}`);
    expect(isGone()).toBe(false);
    rmSync(folder, { recursive: true });
    await removed.stop();
    expect(await becomesTrue(isGone, 20_000)).toBe(true);
  });

  it('is not held back by a pid file whose pid is another program now', async () => {
    const first = await start();
    const file = path.join(cluster(), 'postmaster.pid');
    const stale = readFileSync(file, 'utf8');
    await first.stop();
    writeFileSync(file, stale.replace(/^\d+/, String(process.pid)));
    const second = await start();
    expect(await ask(second.adminUrl, 'SELECT 1')).toEqual([1]);
  });

  it('says in one sentence that the passwords are gone', async () => {
    const first = await start();
    const file = path.join(dataDirectory, 'passwords.json');
    const passwords = readFileSync(file);
    await first.stop();
    rmSync(file);
    running = null;
    await expect(start()).rejects.toThrow('but its passwords');
    writeFileSync(file, passwords, { mode: 0o600 });
  });

  it('runs in a session of its own, which a Ctrl-C at our terminal does not reach', async () => {
    await start();
    const { pid } = postmaster() ?? { pid: 0 };
    const [, group] =
      /^\d+ \(.*\) \S+ \d+ (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    expect(group).toBe(String(pid));
    expect(await becomesTrue(() => postmaster()?.isReady === true, 20_000)).toBe(true);
  });
});

/** A process that starts PostgreSQL on the folder it is given, tells so, and stays. */
const OWNER = `
  const { startEmbeddedPostgres } = await import('${new URL('./embedded-postgres.ts', import.meta.url).href}');
  await startEmbeddedPostgres({ dataDirectory: process.argv[1] });
  process.stdout.write('up');
  setInterval(() => undefined, 1000);
`;
