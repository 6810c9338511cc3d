import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { z } from 'zod';

const OWN_FILE = 0o600;

/**
 * Writes a secret atomically, even if the process is killed, and never readable by others. The folder
 * must exist.
 */
export async function writeSecretFile(file: string, text: string): Promise<void> {
  const unfinished = `${file}.new`;
  // A file left behind by a killed writer could have any mode.
  await rm(unfinished, { force: true });
  await writeFile(unfinished, text, { mode: OWN_FILE, flag: 'wx', flush: true });
  await rename(unfinished, file);
}

/**
 * Writes a secret in the same way, but only if the file does not exist: of several writers at once one succeeds.
 * @returns whether it was this one
 */
export async function makeSecretFile(file: string, text: string): Promise<boolean> {
  const unfinished = `${file}.new.${randomUUID()}`;
  await writeFile(unfinished, text, { mode: OWN_FILE, flag: 'wx', flush: true });
  try {
    // Unlike a rename, a link replaces nothing.
    await link(unfinished, file);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw cause;
  } finally {
    await rm(unfinished, { force: true });
  }
}

/**
 * Reads secrets stored as JSON.
 * @returns null if the file does not exist
 * @throws Error with one sentence that names the file if it holds anything else, or not all of them
 */
export async function readSecretFile<Secrets>(
  file: string,
  form: z.ZodType<Secrets>,
): Promise<Secrets | null> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return null;
  try {
    return form.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(`The secrets in ${file} are damaged: put it back as it was.`, { cause });
  }
}
