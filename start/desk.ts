import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { systemClock } from '#shared/domain/clock.ts';
import { serveMetrics } from '#shared/http/serve-metrics.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { openTracing } from '#shared/tracing/tracing.ts';
import { AuditMetrics } from '../prisma/audit/audit-metrics.ts';
import { startEmbeddedPostgres } from '../prisma/embedded-postgres.ts';
import { migrate } from '../prisma/migrate.ts';
import { STORE_NAMES, type StoreName } from '../prisma/store-name.ts';
import { AuditSchedule } from './audit-schedule.ts';
import type { StartEnvironment } from './environment.ts';
import { readOrMakeSecrets } from './secrets.ts';
import { importServers, startServers } from './servers.ts';
import type { Startup } from './startup.ts';

/** A running desk. */
export interface RunningDesk {
  /** The gateway's origin. */
  readonly origin: string;
  readonly demoKey: string;
  readonly demoKeyFile: string;
  readonly demoPasswordFile: string;
}

/**
 * Starts everything in this process: PostgreSQL, migrations, demo data, the three subgraphs on
 * loopback, the gateway. Parts that do not need each other start side by side.
 * @param onPostgresLost called once if PostgreSQL ends by itself; nothing works without it
 */
export async function startDesk(
  environment: StartEnvironment,
  startup: Startup,
  onPostgresLost: (cause: Error) => void,
): Promise<RunningDesk> {
  const stopTracing = await openTracing({
    service: 'deskgraph',
    endpoint: environment.OTEL_EXPORTER_OTLP_ENDPOINT,
  });
  await startup.start(Promise.resolve({ stop: stopTracing }));
  const stateDirectory = path.resolve(environment.STATE_DIR);
  const demoKeyFile = path.join(environment.STATE_DIR, 'demo-key');
  const servers = importServers();
  // A failure to load shows where the servers are awaited; until then it must not end the process.
  servers.catch(() => undefined);
  const databaseUrls = await startStores(stateDirectory, startup, onPostgresLost);
  // Loading code blocks this thread so long that a store's connection could time out meanwhile.
  const loaded = await servers;
  await seed(databaseUrls, demoKeyFile);
  startup.progress('demo data is loaded');
  await startAudit(databaseUrls, environment, startup);
  const secrets = await readOrMakeSecrets(path.join(stateDirectory, 'secrets.json'));
  const origin = await startServers(loaded, { environment, secrets, databaseUrls }, startup);
  const demoKey = (await readFile(demoKeyFile, 'utf8')).trim();
  const demoPasswordFile = path.join(environment.STATE_DIR, 'demo-password');
  return { origin, demoKey, demoKeyFile, demoPasswordFile };
}

/** Audits the books regularly, and serves the findings as metrics if that is turned on. */
async function startAudit(
  { account, order }: Readonly<Record<StoreName, string>>,
  { LOG_LEVEL: level, METRICS_HOST: host, METRICS_PORT: port }: StartEnvironment,
  startup: Startup,
): Promise<void> {
  const metrics = new AuditMetrics();
  const logger = createLogger({ unit: 'audit', level });
  const stores = { account, order };
  const schedule = new AuditSchedule({ stores, metrics, clock: systemClock, logger });
  await startup.start(Promise.resolve(schedule));
  if (port === undefined) return;
  const address = { host, port };
  await startup.start(serveMetrics({ address, read: () => metrics.text(), logger }));
  // The state of the books is known from the start.
  void schedule.look();
}

async function startStores(
  stateDirectory: string,
  startup: Startup,
  onLost: (cause: Error) => void,
): Promise<Readonly<Record<StoreName, string>>> {
  const { urls } = await startup.start(
    startEmbeddedPostgres({
      dataDirectory: path.join(stateDirectory, 'postgres'),
      onLost,
      onSlow: () => startup.progress('PostgreSQL is not ready yet; waiting'),
    }),
  );
  startup.progress('PostgreSQL is running');
  await allSettled(STORE_NAMES.map((store) => migrate(store, urls[store])));
  startup.progress('the three stores are migrated');
  return urls;
}

async function seed(
  databaseUrls: Readonly<Record<StoreName, string>>,
  demoKeyFile: string,
): Promise<void> {
  const [{ seedAccount }, { seedMarketData }] = await Promise.all([
    import('../prisma/account/seed.ts'),
    import('../prisma/market-data/seed.ts'),
  ]);
  await allSettled([
    seedAccount(databaseUrls.account, { demoKeyPath: demoKeyFile }),
    seedMarketData(databaseUrls['market-data']),
  ]);
}

/** Ends when all have ended, so that none is still at work when what it uses is stopped. */
async function allSettled(works: readonly Promise<unknown>[]): Promise<void> {
  await Promise.allSettled(works);
  await Promise.all(works);
}
