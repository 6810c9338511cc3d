import cluster from 'node:cluster';
import { systemClock } from '#shared/domain/clock.ts';
import { messageOf } from '#shared/domain/message-of.ts';
import { openEventBus } from '#shared/events/open-event-bus.ts';
import { publishMetrics } from '#shared/http/publish-metrics.ts';
import { createLogger, type Logger } from '#shared/logging/logger.ts';
import { shutDownOnSignal } from '#shared/subgraph/shutdown.ts';
import { openTracing } from '#shared/tracing/tracing.ts';
import { type GatewayEnvironment, gatewayEnvironment } from './environment.ts';
import { GatewayMetrics } from './metrics/gateway-metrics.ts';
import { answerForWorker, readWorkers } from './metrics/worker-metrics.ts';
import type { QuotaOptions } from './limits/operation-charge.ts';
import { WorkerSupervisor } from './supervise-workers.ts';

try {
  const environment = gatewayEnvironment();
  const logger = createLogger({ unit: 'gateway', level: environment.LOG_LEVEL });
  if (cluster.isPrimary && environment.GATEWAY_WORKERS > 1) await supervise(environment, logger);
  else await serve(environment, logger);
} catch (cause) {
  for (const line of messageOf(cause).split('\n')) process.stderr.write(`gateway: ${line}\n`);
  process.exit(1);
}

async function supervise(environment: GatewayEnvironment, logger: Logger): Promise<void> {
  const supervisor = new WorkerSupervisor(logger);
  const stopMetrics = await publishMetrics(environment, readWorkers(), logger);
  shutDownOnSignal([() => supervisor.stop(), stopMetrics], logger);
  if (!(await supervisor.start(environment.GATEWAY_WORKERS))) process.exit(1);
}

function quotaOf({
  COST_PER_MINUTE: costPerMinute,
  REDIS_URL: url,
  EVENT_PREFIX: prefix = '',
}: GatewayEnvironment): QuotaOptions | undefined {
  if (costPerMinute === 0) return undefined;
  return { costPerMinute, redis: url === undefined ? undefined : { url, prefix } };
}

async function serve(environment: GatewayEnvironment, logger: Logger): Promise<void> {
  const metrics = new GatewayMetrics();
  metrics.includeProcess();
  if (cluster.isWorker) answerForWorker(metrics);
  const stopTracing = await openTracing({
    service: 'gateway',
    endpoint: environment.OTEL_EXPORTER_OTLP_ENDPOINT,
  });
  const bus = await openEventBus(environment, logger);
  // Before the server: a port that is taken must not end one that is at work.
  const stopMetrics = cluster.isWorker
    ? () => Promise.resolve()
    : await publishMetrics(environment, () => metrics.text(), logger);
  // Imported here, because a supervisor of workers serves nothing: it starts sooner, and stays
  // small.
  const { createGatewayServer } = await import('./server.ts');
  const server = await createGatewayServer({
    subgraphs: {
      account: { url: environment.ACCOUNT_URL, passportKey: environment.ACCOUNT_PASSPORT_KEY },
      'market-data': {
        url: environment.MARKET_DATA_URL,
        passportKey: environment.MARKET_DATA_PASSPORT_KEY,
      },
      order: { url: environment.ORDER_URL, passportKey: environment.ORDER_PASSPORT_KEY },
    },
    supergraphPath: environment.SUPERGRAPH_PATH,
    anonymousScopes: environment.ANONYMOUS_SCOPES,
    allowedOrigins: environment.ALLOWED_ORIGINS,
    trustedProxies: environment.TRUSTED_PROXIES,
    explorer: environment.EXPLORER,
    introspection: environment.INTROSPECTION,
    persistedOperations: {
      path: environment.PERSISTED_OPERATIONS,
      isOnly: environment.PERSISTED_ONLY,
    },
    bus,
    quota: quotaOf(environment),
    metrics,
    clock: systemClock,
    logger,
  });
  const origin = await server.listen({ host: environment.HOST, port: environment.PORT });
  logger.info({ origin }, 'listening');
  const stops = [() => server.stop(), () => bus.dispose(), stopMetrics, stopTracing];
  shutDownOnSignal(stops, logger);
}
