import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { tryLock } from '../try-lock.ts';

const RETRY_MS = 50;
const CONNECT_WITHIN_MS = 30_000;
/** Any constant works: nothing else on this cluster takes advisory locks in the admin database. */
const OWNERSHIP_LOCK = 4000;

/** The owned cluster, and how to check that it runs. */
export interface OwnedCluster {
  /** URL of the database `postgres`, as the superuser. */
  readonly adminUrl: string;
  /** The data folder, for messages. */
  readonly folder: string;
  /** Whether PostgreSQL still runs. */
  isRunning(): boolean;
}

/**
 * A lock inside PostgreSQL for the life of this process, so that a second process on the same folder
 * neither uses nor stops it. Unlike a lock file, it is released when the process dies. If PostgreSQL
 * cuts its sessions, as it does after one of them crashes, the lock is taken again.
 */
export class Ownership {
  readonly #cluster: OwnedCluster;
  #session: pg.Client;
  #isReleased = false;
  #isLost = false;

  /**
   * @param onLost called once if PostgreSQL ends unexpectedly or another process takes it
   * @throws Error with one sentence if another process has it
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

  /** Releases the lock. @returns whether it was still ours; if not, PostgreSQL has ended or another process owns it */
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
      // PostgreSQL recovers from a crashed session, however long that takes.
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
  // The connection stays idle; we only watch for its end.
  session.on('error', () => undefined);
  await session.connect();
  if (await tryLock(session, OWNERSHIP_LOCK)) return session;
  await session.end();
  throw new InUseError(folder);
}
