import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, realpath, rm } from 'node:fs/promises';
import path from 'node:path';
import { findBinaries } from './embedded/binaries.ts';
import {
  adoptCluster,
  type ClusterSettings,
  createCluster,
  type RunningCluster,
  startCluster,
} from './embedded/cluster.ts';
import { Ownership } from './embedded/ownership.ts';
import { placeBinaries, placeCluster } from './embedded/placement.ts';
import { servesCluster, stopPostmaster } from './embedded/postmaster.ts';
import { findProcessUser } from './embedded/process-user.ts';
import {
  createRolesAndDatabases,
  databaseOf,
  type Passwords,
  passwordsForm,
} from './embedded/roles.ts';
import { removeUnfinished } from './embedded/unfinished.ts';
import { makeSecretFile, readSecretFile } from './secret-file.ts';
import { STORE_NAMES, type StoreName } from './store-name.ts';

const OWN_FOLDER = 0o700;
const TRAVERSABLE_FOLDER = 0o711;

/** A PostgreSQL of our own, with the three stores in it. */
export interface EmbeddedPostgres {
  /** The superuser on the database `postgres`. */
  readonly adminUrl: string;
  /** URL of each store's database, as its own role. */
  readonly urls: Readonly<Record<StoreName, string>>;
  /** Flushes everything to disk and stops. */
  stop(): Promise<void>;
  /** Stops, and deletes the data folder. */
  discard(): Promise<void>;
}

/** Where the embedded PostgreSQL runs, and how. */
export interface EmbeddedPostgresOptions {
  readonly dataDirectory: string;
  /** False for tests: faster, but data is lost if the machine fails. */
  readonly isDurable?: boolean;
  /** Called once if PostgreSQL ends unexpectedly or another process takes it over. */
  readonly onLost?: (cause: Error) => void;
  /** Called if PostgreSQL is not ready after some seconds; the start waits as long as it takes. */
  readonly onSlow?: () => void;
}

/**
 * Starts PostgreSQL from the npm package on a folder; the first time, creates the cluster, roles and
 * databases. It listens on a free port of 127.0.0.1. The passwords are generated here and kept in the
 * folder (mode 600). A PostgreSQL that a killed process left running is taken over. Of several starts at
 * once on one folder one succeeds, even if it is the first time.
 * @throws Error with one clear sentence if the folder is in use, closed, or not writable
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const user = findProcessUser();
  await mkdir(options.dataDirectory, { recursive: true, mode: OWN_FOLDER });
  // The links on the way to it are ours alone to follow.
  const folder = await realpath(options.dataDirectory);
  // PostgreSQL's user owns the cluster inside and must be able to enter; our own files are mode 600.
  if (user.uid !== undefined) await chmod(folder, TRAVERSABLE_FOLDER);
  const settings: ClusterSettings = {
    binaries: await placeBinaries(await findBinaries(), user),
    user,
    folder: await placeCluster(folder, user),
    logFile: path.join(folder, 'postgres.log'),
    isDurable: options.isDurable ?? true,
    onSlow: options.onSlow ?? (() => undefined),
  };
  const passwordFile = path.join(folder, 'passwords.json');
  const passwords = await readOrMakePasswords(settings, passwordFile);
  await createCluster(settings, passwords.postgres);
  const own = (running: RunningCluster) => {
    const adminUrl = urlOf(running, 'postgres', passwords.postgres);
    const isRunning = () => servesCluster(running, settings.folder);
    return Ownership.take({ adminUrl, folder, isRunning }, options.onLost);
  };
  const { running, ownership } = await findOrStart(settings, own);
  for (const made of [settings.folder, passwordFile]) await removeUnfinished(made);
  await createRolesAndDatabases(ownership.session, passwords);
  const stop = async () => {
    if ((await ownership.release()) && servesCluster(running, settings.folder))
      await stopPostmaster(running.pid, settings.folder);
  };
  return {
    adminUrl: urlOf(running, 'postgres', passwords.postgres),
    urls: Object.fromEntries(
      STORE_NAMES.map((store) => [store, urlOf(running, databaseOf(store), passwords[store])]),
    ) as Record<StoreName, string>,
    stop,
    discard: async () => {
      await stop();
      for (const place of [settings.folder, folder])
        await rm(place, { recursive: true, force: true });
    },
  };
}

/** Takes over a PostgreSQL that runs, or starts one, and makes it ours. */
async function findOrStart(
  settings: ClusterSettings,
  own: (running: RunningCluster) => Promise<Ownership>,
): Promise<{ readonly running: RunningCluster; readonly ownership: Ownership }> {
  const found = await adoptCluster(settings);
  if (found !== null)
    try {
      return { running: found, ownership: await own(found) };
    } catch (cause) {
      // One that was killed a moment ago may still have been there.
      if (servesCluster(found, settings.folder)) throw cause;
    }
  const running = await startCluster(settings);
  return { running, ownership: await own(running) };
}

/** For a role and the database of the same name. */
function urlOf({ port }: RunningCluster, name: string, password: string): string {
  return `postgresql://${name}:${password}@127.0.0.1:${port}/${name}`;
}

/** Of several starts at once one makes the passwords, and the others read them. */
async function readOrMakePasswords(settings: ClusterSettings, file: string): Promise<Passwords> {
  // Looked at first: another start makes the passwords before the cluster.
  const hasCluster = existsSync(settings.folder);
  const known = await readSecretFile(file, passwordsForm);
  if (known !== null) return known;
  if (hasCluster)
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
  if (await makeSecretFile(file, JSON.stringify(passwords, null, 2))) return passwords;
  return readOrMakePasswords(settings, file);
}
