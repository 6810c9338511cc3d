import type { Logger } from '#shared/logging/logger.ts';
import { Outage } from '#shared/logging/outage.ts';
import { ServerPresence } from '#shared/store/server-presence.ts';

/** What the stores of every subgraph have. */
interface Stores {
  /** See `requireVersion` of `store-version.ts`. */
  requireVersion(): Promise<void>;
  close(): Promise<void>;
}

/**
 * The same stores for a server: from when it requires their version until it closes them, no
 * migration can run. If one did run, because the database had lost sight of the server meanwhile, its
 * process stops in order: it would look well, and fail or forget something while it trades.
 */
export function withServerPresence<Own extends Stores>(
  store: string,
  stores: Own,
  { databaseUrl, logger }: { readonly databaseUrl: string; readonly logger: Logger },
): Own {
  const outage = new Outage(logger, {
    away: 'the database is away',
    back: 'the database is connected again',
  });
  const presence = new ServerPresence({
    outage,
    store,
    databaseUrl,
    requireVersion: () => stores.requireVersion(),
    onOutdated: (cause) => {
      logger.fatal({ err: cause }, 'stopping: the database was migrated while out of reach');
      process.kill(process.pid, 'SIGTERM');
    },
  });
  return {
    ...stores,
    requireVersion: () => presence.begin(),
    close: async () => {
      await stores.close();
      await presence.end();
    },
  };
}
