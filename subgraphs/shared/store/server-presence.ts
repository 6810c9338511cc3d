import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Outage } from '../logging/outage.ts';
import { addressWithOptions } from './address-with-options.ts';
import { StoreVersionError } from './store-version.ts';

/** Any constant works: the servers of a store hold this lock together, and a migration holds it alone. */
export const SERVERS_LOCK = 4003;
const CONNECT_WITHIN_MS = 2000;
const ANSWER_WITHIN_MS = 3000;
const RETRY_MS = 1000;
const CONNECTION_LOST = 'The connection was lost.';
/** Each side would believe for two hours in the other one if its machine is gone without a word. */
const IDLE_MS = 10_000;
const KEEPALIVE = `-c tcp_keepalives_idle=${IDLE_MS / 1000} -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3`;

/** Whose presence it is, and what is to hold while it lasts. */
export interface ServerPresenceOptions {
  readonly store: string;
  readonly databaseUrl: string;
  /** Checks that the database is of this version. @throws StoreVersionError */
  readonly requireVersion: () => Promise<void>;
  /**
   * Called once if the database was migrated while this server was cut off from it, as one on a
   * frozen machine is: it must stop.
   */
  readonly onOutdated: (cause: StoreVersionError) => void;
  /** Where the log says that the database is away, and back. */
  readonly outage: Outage;
}

/**
 * Keeps migrations away from a store while a server of it runs, by a connection with a lock. If the
 * connection is lost, it is made again.
 */
export class ServerPresence {
  readonly #options: ServerPresenceOptions;
  #session: pg.Client | null = null;
  #isOver = false;

  constructor(options: ServerPresenceOptions) {
    this.#options = options;
  }

  /**
   * Begins, and checks the version of the database.
   * @throws StoreVersionError if it is not of this version, or is being migrated; the driver's error
   *   if it cannot be read
   */
  async begin(): Promise<void> {
    const session = await this.#connect();
    let isLost = false;
    session.once('end', () => {
      isLost = true;
      if (this.#session === session) void this.#beginAgain();
    });
    try {
      await this.#lock(session);
      await this.#options.requireVersion();
      // With the connection the lock went, and the version may have changed since.
      if (isLost) throw new Error(CONNECTION_LOST);
    } catch (cause) {
      await close(session);
      throw cause;
    }
    this.#session = session;
    this.#options.outage.answered();
    if (this.#isOver) await close(session);
  }

  /** Ends it: from now on the store can be migrated. */
  async end(): Promise<void> {
    this.#isOver = true;
    if (this.#session !== null) await close(this.#session);
  }

  async #connect(): Promise<pg.Client> {
    const session = new pg.Client({
      ...addressWithOptions(this.#options.databaseUrl, KEEPALIVE),
      application_name: `deskgraph ${this.#options.store}`,
      connectionTimeoutMillis: CONNECT_WITHIN_MS,
      query_timeout: ANSWER_WITHIN_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: IDLE_MS,
    });
    // The connection stays idle; only its end matters.
    session.on('error', () => undefined);
    await session.connect();
    return session;
  }

  async #lock(session: pg.Client): Promise<void> {
    const { rows } = await session.query<{ taken: boolean }>(
      'SELECT pg_try_advisory_lock_shared($1) AS taken',
      [SERVERS_LOCK],
    );
    if (rows[0]?.taken === true) return;
    const { store } = this.#options;
    throw new StoreVersionError(
      `The ${store} database is being migrated: start its servers when that is done.`,
    );
  }

  async #beginAgain(): Promise<void> {
    if (!this.#isOver) this.#options.outage.failed(new Error(CONNECTION_LOST));
    while (!this.#isOver) {
      await delay(RETRY_MS, undefined, { ref: false });
      if (this.#isOver) return;
      try {
        return await this.begin();
      } catch (cause) {
        if (cause instanceof StoreVersionError) return this.#options.onOutdated(cause);
        this.#options.outage.failed(cause);
      }
    }
  }
}

async function close(session: pg.Client): Promise<void> {
  await session.end().catch(() => undefined);
}
