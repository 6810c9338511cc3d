import { execFile, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '#shared/environment/free-port.ts';
import type { PostgresBinaries } from './binaries.ts';
import { becomesTrue, readPostmaster, servesCluster } from './postmaster.ts';
import { giveTo, type ProcessUser } from './process-user.ts';
import { makeUnfinished } from './unfinished.ts';

const SLOW_AFTER_MS = 3000;
const PORT_ATTEMPTS = 3;
const OWN_FILE = 0o600;

/** A cluster's folder and how to run it. */
export interface ClusterSettings {
  readonly binaries: PostgresBinaries;
  readonly user: ProcessUser;
  /** The folder of the cluster itself; {@link createCluster} creates it. */
  readonly folder: string;
  readonly logFile: string;
  /** False only for temporary data: nothing is flushed to disk. */
  readonly isDurable: boolean;
  /** Called if PostgreSQL takes long to be ready, for example to replay its log after a crash. */
  onSlow(): void;
}

/** A running PostgreSQL that accepts connections. */
export interface RunningCluster {
  readonly pid: number;
  readonly port: number;
}

/**
 * Creates the files of an empty cluster if they do not exist. It makes them elsewhere and moves them
 * here when they are complete: neither a start that was killed nor another one at the same time leaves
 * half of a cluster. If the other one is faster, its cluster remains.
 * @throws Error with one sentence that says why it could not
 */
export async function createCluster(
  settings: ClusterSettings,
  superuserPassword: string,
): Promise<void> {
  if (isMade(settings)) return;
  if (existsSync(settings.logFile))
    throw new Error(
      `The database in ${settings.folder} is gone: put it back from a backup, or remove ${path.dirname(settings.logFile)} to begin with an empty one.`,
    );
  const unfinished = await makeUnfinished(settings.folder);
  const passwordFile = `${unfinished}.password`;
  try {
    giveTo(settings.user, unfinished);
    await writeFile(passwordFile, superuserPassword, { mode: OWN_FILE });
    giveTo(settings.user, passwordFile);
    await runInitdb(settings, unfinished, passwordFile);
    await rename(unfinished, settings.folder);
  } catch (cause) {
    await rm(unfinished, { recursive: true, force: true });
    if (isMade(settings)) return;
    throw new Error(
      `PostgreSQL could not make its files in ${settings.folder}: ${failureOf(cause)}`,
      { cause },
    );
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** Whether the cluster is there, and so complete. @throws Error if that cannot be seen: it may be another user's */
function isMade({ folder }: ClusterSettings): boolean {
  return statSync(path.join(folder, 'PG_VERSION'), { throwIfNoEntry: false }) !== undefined;
}

async function runInitdb(
  { binaries, user, isDurable }: ClusterSettings,
  folder: string,
  passwordFile: string,
): Promise<void> {
  await promisify(execFile)(
    binaries.initdb,
    [
      `--pgdata=${folder}`,
      '--username=postgres',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
      ...(isDurable ? [] : ['--no-sync']),
    ],
    user,
  );
}

/**
 * Finds a PostgreSQL that outlived its killed owner. Waits for one that is not ready and never stops it,
 * because it would have to replay its log from the start.
 * @returns null if there is none, or it has just ended
 */
export async function adoptCluster(settings: ClusterSettings): Promise<RunningCluster | null> {
  const { folder } = settings;
  const found = readPostmaster(folder);
  if (found === null) return null;
  const isReady = () => {
    const postmaster = readPostmaster(folder);
    return postmaster?.pid === found.pid && postmaster.isReady;
  };
  const isGone = () => !servesCluster(found, folder);
  await becomesTrueSlowly(() => isGone() || isReady(), settings);
  return isGone() ? null : found;
}

/**
 * Starts PostgreSQL on a free loopback port in its own session. So a Ctrl-C at the terminal reaches us
 * and not PostgreSQL, and we can drain before we stop it. If another start is faster, its PostgreSQL is
 * found.
 */
export async function startCluster(settings: ClusterSettings): Promise<RunningCluster> {
  await clearAway(settings.folder);
  for (let attempt = 1; ; attempt += 1) {
    const before = sizeOf(settings.logFile);
    const started = await tryToStart(settings, await freePort());
    if (started !== null) return started;
    const other = await adoptCluster(settings);
    if (other !== null) return other;
    const log = readFileSync(settings.logFile).subarray(before).toString();
    if (attempt === PORT_ATTEMPTS || !log.includes('could not bind'))
      throw new Error(`PostgreSQL did not start: ${reasonIn(log)} (${settings.logFile})`);
  }
}

/** Removes a pid file with a pid that now belongs to another program; PostgreSQL would refuse to start. */
async function clearAway(folder: string): Promise<void> {
  const postmaster = readPostmaster(folder);
  if (postmaster === null || servesCluster(postmaster, folder)) return;
  await rm(path.join(folder, 'postmaster.pid'), { force: true });
}

async function tryToStart(settings: ClusterSettings, port: number): Promise<RunningCluster | null> {
  const log = openSync(settings.logFile, 'a', OWN_FILE);
  const child = spawn(
    settings.binaries.postgres,
    // The real path, by which it is found again however the folder is reached then.
    ['-D', realpathSync(settings.folder), '-p', String(port), ...parametersOf(settings)],
    { ...settings.user, cwd: settings.folder, detached: true, stdio: ['ignore', log, log] },
  );
  closeSync(log);
  let hasEnded = false;
  child.once('exit', () => (hasEnded = true));
  child.once('error', () => (hasEnded = true));
  child.unref();
  const isUp = () => {
    const postmaster = readPostmaster(settings.folder);
    return postmaster?.pid === child.pid && postmaster?.isReady === true;
  };
  await becomesTrueSlowly(() => hasEnded || isUp(), settings);
  return child.pid !== undefined && !hasEnded && isUp() ? { pid: child.pid, port } : null;
}

function parametersOf({ isDurable }: ClusterSettings): readonly string[] {
  const parameters = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    'log_checkpoints=off',
    'timezone=UTC',
    // A new desk fills its tables within seconds, and good plans need current statistics.
    'autovacuum_naptime=5s',
    ...(isDurable ? [] : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']),
  ];
  return parameters.flatMap((parameter) => ['-c', parameter]);
}

async function becomesTrueSlowly(
  condition: () => boolean,
  { onSlow }: ClusterSettings,
): Promise<void> {
  if (await becomesTrue(condition, SLOW_AFTER_MS)) return;
  onSlow();
  await becomesTrue(condition, Number.POSITIVE_INFINITY);
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function reasonIn(log: string): string {
  const lines = log.trim().split('\n');
  const fatal = lines.findLast((line) => line.includes('FATAL:')) ?? lines.at(-1) ?? '';
  return fatal.replace(/^.*FATAL:\s*/, '');
}

/** The program says what failed, and last how it cleaned up. */
function failureOf(cause: unknown): string {
  const { stderr, message } = cause as { stderr?: string; message: string };
  const lines = (stderr ?? message).trim().split('\n');
  return lines.find((line) => /(error|FATAL|PANIC):/.test(line)) ?? lines.at(-1) ?? message;
}
