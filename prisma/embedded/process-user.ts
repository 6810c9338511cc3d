import { execFileSync } from 'node:child_process';
import { chownSync, statSync } from 'node:fs';
import path from 'node:path';

/** As whom PostgreSQL runs: empty for "as we do", which is every case but root. */
export interface ProcessUser {
  readonly uid?: number;
  readonly gid?: number;
}

const NAME = 'postgres';
const OTHERS_MAY_TRAVERSE = 0o001;

/**
 * PostgreSQL refuses to run as root. Where we are root it runs as the system's `postgres` user,
 * which is made when it is missing (containers have none).
 * @throws Error with one sentence when the user can neither be found nor made
 */
export function findProcessUser(): ProcessUser {
  if (process.getuid?.() !== 0) return {};
  const known = lookUp();
  if (known !== null) return known;
  try {
    execFileSync('groupadd', ['--force', '--system', NAME], { stdio: 'ignore' });
    execFileSync('useradd', ['--system', '--gid', NAME, '--no-create-home', NAME], {
      stdio: 'ignore',
    });
  } catch (cause) {
    throw new Error(`PostgreSQL cannot run as root, and a user ${NAME} could not be made.`, {
      cause,
    });
  }
  const made = lookUp();
  if (made === null)
    throw new Error(`PostgreSQL cannot run as root, and there is no user ${NAME}.`);
  return made;
}

/** Gives a folder or file to the user that PostgreSQL runs as. */
export function giveTo(user: ProcessUser, file: string): void {
  if (user.uid !== undefined && user.gid !== undefined) chownSync(file, user.uid, user.gid);
}

/** The first folder on the way to a file that is closed to the user; null if it can be reached. */
export function closedFolder(user: ProcessUser, file: string): string | null {
  if (user.uid === undefined) return null;
  return ancestorsOf(file).find((folder) => !mayTraverse(user, folder)) ?? null;
}

function lookUp(): ProcessUser | null {
  try {
    const idOf = (flag: string) =>
      Number.parseInt(
        execFileSync('id', [flag, NAME], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
        10,
      );
    return { uid: idOf('-u'), gid: idOf('-g') };
  } catch {
    return null;
  }
}

function ancestorsOf(file: string): readonly string[] {
  const parent = path.dirname(file);
  return parent === file ? [file] : [...ancestorsOf(parent), parent];
}

function mayTraverse(user: ProcessUser, folder: string): boolean {
  const { mode, uid } = statSync(folder);
  return uid === user.uid || (mode & OTHERS_MAY_TRAVERSE) !== 0;
}
