import { constants, existsSync } from 'node:fs';
import { access, mkdir, readdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import path from 'node:path';
import type { StartEnvironment } from './environment.ts';

/** What prevents a start, as one line for a person. */
class PreflightError extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'PreflightError';
  }
}

/**
 * Finds out in a few milliseconds what would otherwise fail after everything else has started.
 * @throws PreflightError for a folder that cannot be written or a port that is taken
 */
export async function checkPreconditions(environment: StartEnvironment): Promise<void> {
  await checkFolder(path.resolve(environment.STATE_DIR));
  await checkRecording(environment.FEED);
  await checkPorts(environment);
}

async function checkFolder(folder: string): Promise<void> {
  try {
    await makeFolder(folder);
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new PreflightError(
      `STATE_DIR: the folder ${folder} cannot be written (${codeOf(cause)}).`,
      cause,
    );
  }
}

/** Folder by folder: `mkdir` with `recursive` tries forever under a folder like `/proc`. */
async function makeFolder(folder: string): Promise<void> {
  if (existsSync(folder)) {
    // A file where a folder should be shows when something is looked up inside.
    await readdir(folder);
    return;
  }
  await makeFolder(path.dirname(folder));
  await mkdir(folder).catch((cause: unknown) => {
    // Another start may have made it meanwhile.
    if (codeOf(cause) !== 'EEXIST') throw cause;
  });
}

async function checkRecording(feed: string): Promise<void> {
  if (!feed.startsWith('replay:')) return;
  const folder = path.resolve(feed.slice('replay:'.length));
  await access(folder, constants.R_OK).catch((cause: unknown) => {
    throw new PreflightError(
      `FEED: the folder ${folder} cannot be read (${codeOf(cause)}).`,
      cause,
    );
  });
}

/** Both at once, so that one port for both is noticed. */
async function checkPorts(environment: StartEnvironment): Promise<void> {
  const { HOST, PORT, METRICS_HOST, METRICS_PORT } = environment;
  const probes = [await listenOn('PORT', HOST, PORT)];
  try {
    if (METRICS_PORT !== undefined)
      probes.push(await listenOn('METRICS_PORT', METRICS_HOST, METRICS_PORT));
  } finally {
    await Promise.all(probes.map((probe) => new Promise((resolve) => probe.close(resolve))));
  }
}

async function listenOn(
  name: 'PORT' | 'METRICS_PORT',
  host: string,
  port: number,
): Promise<Server> {
  const probe = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once('error', reject);
      probe.listen(port, host, resolve);
    });
    return probe;
  } catch (cause) {
    const place = `${host}:${port}`;
    throw new PreflightError(portProblem(name, place, codeOf(cause)), cause);
  }
}

function portProblem(name: string, place: string, code: string): string {
  if (code === 'EADDRINUSE')
    return `${name}: ${place} is taken; stop what uses it or set ${name} to another one.`;
  return `${name.replace('PORT', 'HOST')} and ${name}: ${place} cannot be listened on (${code}).`;
}

function codeOf(cause: unknown): string {
  return (cause as NodeJS.ErrnoException).code ?? String(cause);
}
