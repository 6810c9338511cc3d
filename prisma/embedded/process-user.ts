import { execFileSync } from 'node:child_process';
import { chownSync, statSync } from 'node:fs';
import path from 'node:path';

/** The user that PostgreSQL runs as; empty for our own user, which is every case but root. */
export interface ProcessUser {
  readonly uid?: number;
  readonly gid?: number;
}

const NAME = 'postgres';
const OTHERS_MAY_TRAVERSE = 0o001;

/**
 * PostgreSQL refuses to run as root. If we are root, it runs as the system's `postgres` user, which is
 * created if it is missing (containers have none).
 * @throws Error with one sentence if the user can be neither found nor created
 */
export function findProcessUser(): ProcessUser {
  if (process.getuid?.() !== 0) return {};
  const known = lookUp();
  if (known !== null) return known;
  let failure: unknown;
  try {
    execFileSync('groupadd', ['--force', '--system', NAME], { stdio: 'ignore' });
    execFileSync('useradd', ['--system', '--gid', NAME, '--no-create-home', NAME], {
      stdio: 'ignore',
    });
  } catch (cause) {
    // Another start may have made it meanwhile.
    failure = cause;
  }
  const made = lookUp();
  if (made !== null) return made;
  throw new Error(`PostgreSQL cannot run as root, and a user ${NAME} could not be made.`, {
    cause: failure,
  });
}

/** Gives a folder or file to the user that PostgreSQL runs as. */
export function giveTo(user: ProcessUser, file: string): void {
  if (user.uid !== undefined && user.gid !== undefined) chownSync(file, user.uid, user.gid);
}

/** The first folder on the path of a file that is closed to the user; null if the user can reach the file. */
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
