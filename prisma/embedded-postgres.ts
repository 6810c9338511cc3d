import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { findBinaries } from './embedded/binaries.ts';
import {
  adoptCluster,
  type ClusterSettings,
  createCluster,
  startCluster,
} from './embedded/cluster.ts';
import { Ownership } from './embedded/ownership.ts';
import { placeBinaries, placeCluster } from './embedded/placement.ts';
import { servesCluster, stopPostmaster } from './embedded/postmaster.ts';
import { findProcessUser } from './embedded/process-user.ts';
import { createRolesAndDatabases, databaseOf, type Passwords } from './embedded/roles.ts';
import { readSecretFile, writeSecretFile } from './secret-file.ts';
import { STORE_NAMES, type StoreName } from './store-name.ts';

const OWN_FOLDER = 0o700;
const TRAVERSABLE_FOLDER = 0o711;

/** A PostgreSQL of our own, with the three stores in it. */
export interface EmbeddedPostgres {
  /** The superuser on the database `postgres`. */
  readonly adminUrl: string;
  /** Each store's database, as its own role. */
  readonly urls: Readonly<Record<StoreName, string>>;
  /** Writes everything down and stops. */
  stop(): Promise<void>;
  /** Stops, and removes the data folder with everything in it. */
  discard(): Promise<void>;
}

/** Where it runs, and for what. */
export interface EmbeddedPostgresOptions {
  readonly dataDirectory: string;
  /** False for tests: faster, and lost when the machine fails. */
  readonly isDurable?: boolean;
  /** Told once when it has ended by itself, or was taken over by another process. */
  readonly onLost?: (cause: Error) => void;
  /** Told when it is not ready after some seconds; it is waited for as long as it takes. */
  readonly onSlow?: () => void;
}

/**
 * Starts PostgreSQL out of the npm package on a folder, making cluster, roles and databases the
 * first time. It listens on a free port of 127.0.0.1; the passwords are made here and kept in the
 * folder (mode 600). One that a killed process left running is taken over.
 * @throws Error with one sentence for a person: the folder is in use, closed, or not writable
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const folder = path.resolve(options.dataDirectory);
  const user = findProcessUser();
  await mkdir(folder, { recursive: true, mode: OWN_FOLDER });
  // The cluster inside belongs to that user, who has to pass through; our own files are mode 600.
  if (user.uid !== undefined) await chmod(folder, TRAVERSABLE_FOLDER);
  const settings: ClusterSettings = {
    binaries: await placeBinaries(await findBinaries(), user),
    user,
    folder: await placeCluster(folder, user),
    logFile: path.join(folder, 'postgres.log'),
    isDurable: options.isDurable ?? true,
    onSlow: options.onSlow ?? (() => undefined),
  };
  const passwords = await readOrMakePasswords(settings, path.join(folder, 'passwords.json'));
  await createCluster(settings, passwords.postgres);
  const running = (await adoptCluster(settings)) ?? (await startCluster(settings));
  const urlOf = (name: string, password: string) =>
    `postgresql://${name}:${password}@127.0.0.1:${running.port}/${name}`;
  const adminUrl = urlOf('postgres', passwords.postgres);
  const isRunning = () => servesCluster(running, settings.folder);
  const ownership = await Ownership.take({ adminUrl, folder, isRunning }, options.onLost);
  await createRolesAndDatabases(ownership.session, passwords);
  const stop = async () => {
    if ((await ownership.release()) && isRunning())
      await stopPostmaster(running.pid, settings.folder);
  };
  return {
    adminUrl,
    urls: Object.fromEntries(
      STORE_NAMES.map((store) => [store, urlOf(databaseOf(store), passwords[store])]),
    ) as Record<StoreName, string>,
    stop,
    discard: async () => {
      await stop();
      for (const place of [settings.folder, folder])
        await rm(place, { recursive: true, force: true });
    },
  };
}

async function readOrMakePasswords(settings: ClusterSettings, file: string): Promise<Passwords> {
  const known = await readSecretFile<Passwords>(file);
  if (known !== null) return known;
  if (existsSync(settings.folder))
    throw new Error(
      `There is a database in ${settings.folder}, but its passwords (${file}) are gone.`,
    );
  const make = () => randomBytes(24).toString('base64url');
  const passwords: Passwords = {
    postgres: make(),
    account: make(),
    'market-data': make(),
    order: make(),
  };
  await writeSecretFile(file, JSON.stringify(passwords, null, 2));
  return passwords;
}
