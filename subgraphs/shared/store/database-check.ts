import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '#shared/domain/message-of.ts';
import { isOutage } from './database-failure.ts';
import { StoreVersionError } from './store-version.ts';

const ATTEMPTS = 3;
const RETRY_MS = 200;

/** The part of a Prisma client that a check needs. */
interface Client {
  $queryRaw(text: TemplateStringsArray): Promise<unknown>;
}

/**
 * Whether a store's database answers and can be written: one that another has replaced may still be
 * read. Never throws.
 */
export function isReachable(client: Client): Promise<boolean> {
  return client.$queryRaw`SELECT 1 WHERE current_setting('transaction_read_only') = 'off'`.then(
    (rows) => Array.isArray(rows) && rows.length > 0,
    () => false,
  );
}

/** The time by the clock of a store's database, in milliseconds since the epoch. @throws the database's error */
export async function databaseTimeMs(client: Client): Promise<number> {
  const rows = await client.$queryRaw`SELECT clock_timestamp() AS time`;
  const [{ time }] = rows as [{ readonly time: Date }];
  return time.getTime();
}

/**
 * Does what a start needs of a store, and again if its database does not respond, three times in all: a machine on which
 * everything starts at once can be too busy for its time limits.
 * @param work can be called several times
 * @throws what it threw last
 */
export async function doAtStart<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1)
    try {
      return await work();
    } catch (cause) {
      if (attempt === ATTEMPTS || !isOutage(cause)) throw cause;
      await delay(RETRY_MS);
    }
}

/**
 * Reads from a store before anything is built on it. See {@link doAtStart}
 * @param name of the store, for the message
 * @throws Error in one line for a person, with the reason, if that fails
 */
export async function readAtStart<Result>(
  name: string,
  read: () => Promise<Result>,
): Promise<Result> {
  try {
    return await doAtStart(read);
  } catch (cause) {
    if (cause instanceof StoreVersionError) throw cause;
    throw new Error(
      `The ${name} database cannot be read: ${lastLineOf(cause)} Is it running and migrated?`,
      { cause },
    );
  }
}

/** Prisma shows our source first, and what the database or its connection said last. */
function lastLineOf(cause: unknown): string {
  const line = messageOf(cause).trim().split('\n').at(-1)?.trim() ?? '';
  return line.endsWith('.') ? line : `${line}.`;
}
