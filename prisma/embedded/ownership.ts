import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

const ATTEMPTS = 20;
const RETRY_MS = 50;
const CONNECT_WITHIN_MS = 30_000;
/** Any constant will do: nothing else on this cluster takes advisory locks in the admin database. */
const OWNERSHIP_LOCK = 4000;

/** What is owned, and how to see that it is there. */
export interface OwnedCluster {
  /** The superuser on the database `postgres`. */
  readonly adminUrl: string;
  /** The data folder, for people. */
  readonly folder: string;
  /** Whether its PostgreSQL still runs. */
  isRunning(): boolean;
}

/**
 * A lock inside PostgreSQL for as long as we live, so that a second process on the same folder neither
 * uses nor stops it. It frees itself when we die, which a lock file would not. When PostgreSQL cuts its
 * sessions, as it does after one of them crashed, the lock is taken again.
 */
export class Ownership {
  readonly #cluster: OwnedCluster;
  #session: pg.Client;
  #isReleased = false;
  #isLost = false;

  /**
   * @param onLost told once when PostgreSQL has ended by itself, or somebody else has taken it
   * @throws Error with one sentence where another process has it
   */
  static async take(
    cluster: OwnedCluster,
    onLost: (cause: Error) => void = () => undefined,
  ): Promise<Ownership> {
    return new Ownership(cluster, await lock(cluster), onLost);
  }

  private constructor(cluster: OwnedCluster, session: pg.Client, onLost: (cause: Error) => void) {
    this.#cluster = cluster;
    this.#session = session;
    this.#watch(onLost);
  }

  /** The superuser's connection that holds the lock. */
  get session(): pg.Client {
    return this.#session;
  }

  /** @returns whether it was still ours: else PostgreSQL is gone, or somebody else's to stop */
  async release(): Promise<boolean> {
    this.#isReleased = true;
    await this.#session.end().catch(() => undefined);
    return !this.#isLost;
  }

  #watch(onLost: (cause: Error) => void): void {
    this.#session.once('end', () => {
      void this.#takeAgain(onLost).catch((cause: Error) => {
        this.#isLost = true;
        if (!this.#isReleased) onLost(cause);
      });
    });
  }

  async #takeAgain(onLost: (cause: Error) => void): Promise<void> {
    while (!this.#isReleased) {
      const { folder } = this.#cluster;
      if (!this.#cluster.isRunning()) throw new Error(`The PostgreSQL of ${folder} has ended.`);
      const session = await lock(this.#cluster).catch((cause: unknown) => {
        if (cause instanceof InUseError) throw cause;
        return null;
      });
      if (session !== null) {
        this.#session = session;
        if (this.#isReleased) await session.end();
        else this.#watch(onLost);
        return;
      }
      // It recovers from the crash of a session, for as long as that takes.
      await delay(RETRY_MS);
    }
  }
}

class InUseError extends Error {
  constructor(folder: string) {
    super(`The data in ${folder} is in use by another process.`);
    this.name = 'InUseError';
  }
}

async function lock({ adminUrl, folder }: OwnedCluster): Promise<pg.Client> {
  const session = new pg.Client({
    connectionString: adminUrl,
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
  });
  // The connection idles until its end, which is watched for.
  session.on('error', () => undefined);
  await session.connect();
  // A process killed a moment ago may not be noticed yet, hence more than one attempt.
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const { rows } = await session.query<{ taken: boolean }>(
      'SELECT pg_try_advisory_lock($1) AS taken',
      [OWNERSHIP_LOCK],
    );
    if (rows[0]?.taken === true) return session;
    await delay(RETRY_MS);
  }
  await session.end();
  throw new InUseError(folder);
}
