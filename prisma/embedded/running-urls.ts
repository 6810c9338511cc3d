import path from 'node:path';
import { readSecretFile } from '../secret-file.ts';
import { STORE_NAMES, type StoreName } from '../store-name.ts';
import { readPostmaster, servesCluster } from './postmaster.ts';
import { databaseOf, passwordsForm } from './roles.ts';

/**
 * The URLs of the stores of a desk that another process runs on this folder.
 * @throws Error with one sentence if none runs there
 */
export async function readRunningUrls(
  dataDirectory: string,
): Promise<Readonly<Record<StoreName, string>>> {
  const cluster = path.join(dataDirectory, 'cluster');
  const postmaster = readPostmaster(cluster);
  if (postmaster?.isReady !== true || !servesCluster(postmaster, cluster))
    throw new Error(`No desk runs on ${dataDirectory}.`);
  const file = path.join(dataDirectory, 'passwords.json');
  const passwords = await readSecretFile(file, passwordsForm);
  if (passwords === null) throw new Error(`The passwords of the desk (${file}) are gone.`);
  return Object.fromEntries(
    STORE_NAMES.map((store) => {
      const name = databaseOf(store);
      return [
        store,
        `postgresql://${name}:${passwords[store]}@127.0.0.1:${postmaster.port}/${name}`,
      ];
    }),
  ) as Record<StoreName, string>;
}
