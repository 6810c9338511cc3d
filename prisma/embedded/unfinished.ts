import { mkdtemp, readdir, rm } from 'node:fs/promises';
import path from 'node:path';

const ATTEMPTS = 5;

/** Makes an empty folder beside one that is to have its name once it is complete. @returns its path */
export function makeUnfinished(finished: string): Promise<string> {
  return mkdtemp(`${finished}.new.`);
}

/**
 * Removes what killed starts left unfinished beside a file or folder. A program of theirs may still be
 * at work in it: what cannot be removed now is left to the next start.
 */
export async function removeUnfinished(finished: string): Promise<void> {
  const folder = path.dirname(finished);
  const prefix = `${path.basename(finished)}.new`;
  for (const name of await readdir(folder))
    if (name.startsWith(prefix))
      await rm(path.join(folder, name), {
        recursive: true,
        force: true,
        maxRetries: ATTEMPTS,
      }).catch(() => undefined);
}
