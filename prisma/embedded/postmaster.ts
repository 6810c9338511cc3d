import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 10;
const FAST_STOP_MS = 6000;
const IMMEDIATE_STOP_MS = 3000;

/** What a running PostgreSQL writes into its data folder about itself. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly isReady: boolean;
}

/**
 * Reads `postmaster.pid`; null if it is absent or incomplete.
 * @throws Error with one sentence if it cannot be seen: the cluster may be another user's
 */
export function readPostmaster(cluster: string): Postmaster | null {
  let lines: readonly string[];
  try {
    lines = readFileSync(path.join(cluster, 'postmaster.pid'), 'utf8').split('\n');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    throw new Error(`The database in ${cluster} cannot be read (${code}): is it another user's?`, {
      cause,
    });
  }
  const pid = Number.parseInt(lines[0] ?? '', 10);
  const port = Number.parseInt(lines[3] ?? '', 10);
  if (!(pid > 0)) return null;
  return { pid, port, isReady: (lines[7] ?? '').trim() === 'ready' };
}

/**
 * Whether the process is a PostgreSQL on this cluster. The pid alone does not prove it: after a crash,
 * another program can have the same pid.
 */
export function servesCluster({ pid }: Pick<Postmaster, 'pid'>, cluster: string): boolean {
  if (!isAlive(pid)) return false;
  const command = commandOf(pid);
  // If the system does not say, rely on the cluster's own lock.
  return command === null || command.includes(realPathOf(cluster));
}

/**
 * Stops a PostgreSQL: cuts its sessions and flushes everything committed. If that takes too long, kills
 * it, and the next start replays the log.
 */
export async function stopPostmaster(pid: number, cluster: string): Promise<void> {
  const isGone = () => !isAlive(pid) || readPostmaster(cluster)?.pid !== pid;
  signal(pid, 'SIGINT');
  if (await becomesTrue(isGone, FAST_STOP_MS)) return;
  signal(pid, 'SIGQUIT');
  await becomesTrue(isGone, IMMEDIATE_STOP_MS);
}

/** Polls until the condition holds. @returns false on timeout */
export async function becomesTrue(condition: () => boolean, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (!condition()) {
    if (Date.now() > deadline) return false;
    await delay(POLL_MS);
  }
  return true;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // The process ended in the meantime.
  }
}

/** The given path if the folder was removed: its PostgreSQL may run on for a minute. */
function realPathOf(cluster: string): string {
  return existsSync(cluster) ? realpathSync(cluster) : cluster;
}

function commandOf(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return commandByPs(pid);
  }
}

function commandByPs(pid: number): string | null {
  try {
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return null;
  }
}
