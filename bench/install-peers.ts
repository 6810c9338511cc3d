import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { messageOf } from '#shared/domain/message-of.ts';

/** Where the peers live, a package of its own. */
export const PEERS = fileURLToPath(new URL('./peers/', import.meta.url));
/** npm writes it last, so that an install that was cut short is done again. */
const INSTALLED = `${PEERS}node_modules/.package-lock.json`;
const LIMIT_MS = 300_000;

/**
 * Installs the peers from their own lockfile, once.
 * @returns whether they are there; when not, one reported line says why
 */
export async function installPeers(report: (line: string) => void): Promise<boolean> {
  if (await isInstalled()) return true;
  report('Installing the peers, once …');
  try {
    await promisify(execFile)('npm', ['ci', '--no-audit', '--no-fund'], {
      cwd: PEERS,
      timeout: LIMIT_MS,
    });
    return true;
  } catch (cause) {
    const [reason = ''] = messageOf(cause).split('\n');
    report(`The peers could not be installed and are left out: ${reason}`);
    return false;
  }
}

async function isInstalled(): Promise<boolean> {
  if (!existsSync(INSTALLED)) return false;
  const [wanted, present] = await Promise.all([
    versionsIn(`${PEERS}package-lock.json`),
    versionsIn(INSTALLED),
  ]);
  return Object.entries(wanted).every(
    ([path, { version, optional }]) =>
      path === '' || optional === true || present[path]?.version === version,
  );
}

interface Locked {
  readonly version?: string;
  readonly optional?: boolean;
}

async function versionsIn(lockfile: string): Promise<Readonly<Record<string, Locked>>> {
  const { packages } = JSON.parse(await readFile(lockfile, 'utf8')) as {
    packages: Readonly<Record<string, Locked>>;
  };
  return packages;
}
