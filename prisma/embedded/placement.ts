import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, statSync } from 'node:fs';
import { chmod, cp, mkdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import type { PostgresBinaries } from './binaries.ts';
import { closedFolder, type ProcessUser } from './process-user.ts';

/** Where root keeps files that PostgreSQL's user must be able to reach. */
const OPEN_FOLDER = '/var/lib/deskgraph';
const TRAVERSABLE = 0o711;

/**
 * PostgreSQL's programs at a path where its user can run them: in place, or as a copy if root has the
 * project in a folder closed to others, like `/root`.
 * @throws Error with one sentence if there is no such path
 */
export async function placeBinaries(
  binaries: PostgresBinaries,
  user: ProcessUser,
): Promise<PostgresBinaries> {
  const closed = closedFolder(user, binaries.postgres);
  if (closed === null) return binaries;
  const original = path.resolve(path.dirname(binaries.postgres), '..');
  const { size, mtimeMs } = statSync(binaries.postgres);
  const copy = path.join(OPEN_FOLDER, `postgres-${idOf(`${original} ${size} ${mtimeMs}`)}`);
  if (!existsSync(copy)) {
    await makeOpenFolder(closed);
    const unfinished = `${copy}.${process.pid}`;
    await cp(original, unfinished, { recursive: true, verbatimSymlinks: true });
    await rename(unfinished, copy).catch(() => rm(unfinished, { recursive: true }));
  }
  return {
    initdb: path.join(copy, 'bin', path.basename(binaries.initdb)),
    postgres: path.join(copy, 'bin', path.basename(binaries.postgres)),
  };
}

/**
 * The folder of the cluster itself: `cluster` in the data folder or, if that is closed to PostgreSQL's
 * user, a separate folder with a link to it there.
 * @throws Error with one sentence if there is no such folder, or the user cannot reach a cluster that
 *   is there, such as one restored from a backup: to move it is left to the operator
 */
export async function placeCluster(dataDirectory: string, user: ProcessUser): Promise<string> {
  const usual = path.join(dataDirectory, 'cluster');
  if (isLink(usual)) return readlink(usual);
  const closed = closedFolder(user, usual);
  const isThere = existsSync(usual);
  if (closed === null || (isThere && isReached(user, usual))) return usual;
  const elsewhere = path.join(OPEN_FOLDER, `cluster-${idOf(`${dataDirectory} ${Date.now()}`)}`);
  if (isThere)
    throw new Error(
      `PostgreSQL cannot run as root, and the user it runs as cannot pass ${closed} to its data: move it with mkdir -p -m 711 ${OPEN_FOLDER} && mv ${usual} ${elsewhere} && ln -s ${elsewhere} ${usual}`,
    );
  await makeOpenFolder(closed);
  const isOurs = await symlink(elsewhere, usual).then(
    () => true,
    (cause: NodeJS.ErrnoException) => {
      if (cause.code === 'EEXIST') return false;
      throw cause;
    },
  );
  // Another start may have made the link meanwhile.
  return isOurs ? elsewhere : readlink(usual);
}

async function makeOpenFolder(closed: string): Promise<void> {
  try {
    await mkdir(OPEN_FOLDER, { recursive: true });
    await chmod(OPEN_FOLDER, TRAVERSABLE);
  } catch (cause) {
    throw new Error(
      `PostgreSQL cannot run as root, the user it runs as cannot pass ${closed}, and ${OPEN_FOLDER} cannot be made: move the project to a folder that is open to others.`,
      { cause },
    );
  }
}

function idOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/** Whether a folder that looks closed is open after all, to a group or by an access list. */
function isReached({ uid, gid }: ProcessUser, folder: string): boolean {
  try {
    execFileSync('test', ['-x', folder], { uid, gid, stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function isLink(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}
