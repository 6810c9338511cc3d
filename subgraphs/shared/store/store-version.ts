import { readdir } from 'node:fs/promises';

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

/** Why a database is not of this version. */
interface VersionProblem {
  /** Whether a newer version has migrated it; otherwise it is to be migrated. */
  readonly isNewer: boolean;
  /** The same for a person, with what to do, in one sentence. */
  readonly text: string;
}

/**
 * Whether a database is as this version needs it. One that is not can look well for long: an older
 * version ignores what newer tables are for, and a newer one misses a column only where it uses it.
 * @param applied the names of the migrations that the database has
 * @returns null if it is
 */
export function versionProblem(
  store: string,
  names: readonly string[],
  applied: readonly string[],
): VersionProblem | null {
  const newest = applied
    .filter((name) => !names.includes(name))
    .sort()
    .at(-1);
  if (newest !== undefined)
    return {
      isNewer: true,
      text: `The ${store} database was migrated by a newer version (${newest}): start that version, or restore a backup of before.`,
    };
  const missing = names.find((name) => !applied.includes(name));
  if (missing === undefined) return null;
  return {
    isNewer: false,
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
    await migrationNames(store),
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
