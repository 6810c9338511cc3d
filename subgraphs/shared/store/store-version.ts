import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { invariant } from '#shared/domain/invariant.ts';

/** The part of a Prisma client that the check needs. */
interface Client {
  $queryRaw(text: TemplateStringsArray): Promise<unknown>;
}

/** Where the migrations of all stores are; this code and they are one version. */
const STORES = new URL('../../../prisma/', import.meta.url);

/** The names of a store's migrations, oldest first: `20260131093000_initial`. @throws Error if they are not installed */
export async function migrationNames(store: string): Promise<readonly string[]> {
  const folder = new URL(`${store}/migrations/`, STORES);
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** The same of every store, by the store's name. */
export async function migrationsByStore(): Promise<ReadonlyMap<string, readonly string[]>> {
  const stores = (await readdir(STORES)).filter((name) =>
    existsSync(new URL(`${name}/migrations/`, STORES)),
  );
  return new Map(
    await Promise.all(stores.map(async (store) => [store, await migrationNames(store)] as const)),
  );
}

/** Why a database is not of this version. */
interface VersionProblem {
  /** Whether it is to be migrated; otherwise it is another store's, or a newer version has migrated it. */
  readonly isOlder: boolean;
  /** The same for a person, with what to do, in one sentence. */
  readonly text: string;
}

/**
 * Whether a database is as this version needs it. One that is not can look well for long: an older
 * version ignores what newer tables are for, and a newer one misses a column only where it uses it.
 * @param migrations the names of those of this version, by the store's name
 * @param applied the names of the migrations that the database has
 * @returns null if it is
 */
export function versionProblem(
  store: string,
  migrations: ReadonlyMap<string, readonly string[]>,
  applied: readonly string[],
): VersionProblem | null {
  const names = migrations.get(store);
  invariant(names !== undefined, `the migrations of ${store} are not installed`);
  const newest = applied
    .filter((name) => !names.includes(name))
    .sort()
    .at(-1);
  const other = [...migrations].find(([, known]) => known.includes(newest ?? ''))?.[0];
  if (other !== undefined)
    return {
      isOlder: false,
      text: `The ${store} database is that of ${other}: correct its address.`,
    };
  if (newest !== undefined)
    return {
      isOlder: false,
      text: `The ${store} database was migrated by a newer version (${newest}): start that version, or restore a backup of before.`,
    };
  const missing = names.find((name) => !applied.includes(name));
  if (missing === undefined) return null;
  return {
    isOlder: true,
    text: `The ${store} database lacks migrations, from ${missing} on: stop its servers and run npm run migrate -- ${store}.`,
  };
}

/**
 * Checks at a server's start that its database has the migrations of this version, and no others.
 * @throws Error with one sentence if not; the driver's error if that cannot be read
 */
export async function requireVersion(store: string, client: Client): Promise<void> {
  const rows = (await client.$queryRaw`
    SELECT migration_name AS name FROM _prisma_migrations
    WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`) as readonly {
    readonly name: string;
  }[];
  const problem = versionProblem(
    store,
    await migrationsByStore(),
    rows.map(({ name }) => name),
  );
  if (problem !== null) throw new StoreVersionError(problem.text);
}

/** The database is not of this version. */
export class StoreVersionError extends Error {
  constructor(problem: string) {
    super(problem);
    this.name = 'StoreVersionError';
  }
}
