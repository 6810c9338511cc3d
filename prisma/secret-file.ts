import { readFile, rename, rm, writeFile } from 'node:fs/promises';

const OWN_FILE = 0o600;

/**
 * Writes a secret whole or not at all, whatever happens meanwhile, and never readable for others. Its
 * folder must be there.
 */
export async function writeSecretFile(file: string, text: string): Promise<void> {
  const unfinished = `${file}.new`;
  // What a writer left that was killed half way has any mode.
  await rm(unfinished, { force: true });
  await writeFile(unfinished, text, { mode: OWN_FILE, flag: 'wx', flush: true });
  await rename(unfinished, file);
}

/**
 * Reads secrets that were written as JSON.
 * @returns null if the file is not there
 * @throws Error with one sentence that names the file, where it holds something else
 */
export async function readSecretFile<Secrets>(file: string): Promise<Secrets | null> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return null;
  try {
    return JSON.parse(text) as Secrets;
  } catch (cause) {
    throw new Error(`The secrets in ${file} are damaged: put it back as it was.`, { cause });
  }
}
