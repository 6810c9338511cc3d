import { messageOf } from '#shared/domain/message-of.ts';
import type { EventBus } from '#shared/events/event-bus.ts';
import { type EventBusEnvironment, openEventBus } from '#shared/events/open-event-bus.ts';
import type { SharedState } from '#shared/events/shared-state.ts';
import { createLogger, type Logger } from '#shared/logging/logger.ts';
import { Outage } from '#shared/logging/outage.ts';
import { openTracing } from '#shared/tracing/tracing.ts';
import type { SubgraphServer } from './create-subgraph-server.ts';
import type { SubgraphMetrics } from './subgraph-metrics.ts';
import { shutDownOnSignal } from './shutdown.ts';

/** What a subgraph's own process needs from its environment. */
export interface ProcessEnvironment extends EventBusEnvironment {
  readonly HOST: string;
  readonly PORT: number;
  readonly LOG_LEVEL: string;
  readonly METRICS_HOST: string;
  readonly METRICS_PORT?: number | undefined;
  readonly OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined;
}

/**
 * A subgraph's whole process: environment, logger, bus, server, listening, and stopping on a
 * signal. Each problem that prevents its start is one clear line on standard error, and the process
 * exits with 1.
 */
export async function runSubgraph<Environment extends ProcessEnvironment>(
  unit: string,
  read: () => Environment,
  create: (environment: Environment, parts: ProcessParts) => Promise<SubgraphServer>,
): Promise<void> {
  try {
    const environment = read();
    const logger = createLogger({ unit, level: environment.LOG_LEVEL });
    const stopTracing = await openTracing({
      service: unit,
      endpoint: environment.OTEL_EXPORTER_OTLP_ENDPOINT,
    });
    const bus = await openEventBus(environment, logger);
    const state = await openState(environment, logger);
    const metrics = await openMetrics(environment);
    const server = await create(environment, { bus, state, metrics, logger });
    const origin = await server.listen({ host: environment.HOST, port: environment.PORT });
    logger.info({ origin }, 'listening');
    const stopMetrics = await publish(metrics, environment, logger);
    const disposeState = () => state?.dispose() ?? Promise.resolve();
    const steps = [
      () => server.stop(),
      () => bus.dispose(),
      disposeState,
      stopMetrics,
      stopTracing,
    ];
    shutDownOnSignal(steps, logger);
  } catch (cause) {
    for (const line of messageOf(cause).split('\n')) process.stderr.write(`${unit}: ${line}\n`);
    process.exit(1);
  }
}

/** What {@link runSubgraph} makes before the server. */
export interface ProcessParts {
  readonly bus: EventBus;
  /** What the processes of one unit share; undefined if each is on its own. */
  readonly state: SharedState | undefined;
  /** Undefined if nobody reads them. */
  readonly metrics: SubgraphMetrics | undefined;
  readonly logger: Logger;
}

/** The library is loaded only if somebody reads them. */
async function openMetrics({
  METRICS_PORT: port,
}: ProcessEnvironment): Promise<SubgraphMetrics | undefined> {
  if (port === undefined) return undefined;
  const { SubgraphMetrics } = await import('./subgraph-metrics.ts');
  return new SubgraphMetrics();
}

/** @returns a function that ends it */
async function publish(
  metrics: SubgraphMetrics | undefined,
  { METRICS_HOST: host, METRICS_PORT: port }: ProcessEnvironment,
  logger: Logger,
): Promise<() => Promise<void>> {
  if (metrics === undefined || port === undefined) return () => Promise.resolve();
  const { serveMetrics } = await import('#shared/http/serve-metrics.ts');
  const address = { host, port };
  const server = await serveMetrics({ address, read: () => metrics.text(), logger });
  logger.info({ origin: server.origin }, 'serving metrics');
  return server.stop;
}

async function openState(
  { REDIS_URL, EVENT_PREFIX }: ProcessEnvironment,
  logger: Logger,
): Promise<SharedState | undefined> {
  if (REDIS_URL === undefined || EVENT_PREFIX === undefined) return undefined;
  const { RedisSharedState } = await import('#shared/events/redis-shared-state.ts');
  const outage = new Outage(logger, {
    away: 'no connection to the shared state',
    back: 'the shared state is connected again',
  });
  return new RedisSharedState({
    url: REDIS_URL,
    prefix: EVENT_PREFIX,
    onError: (cause) => outage.failed(cause),
    onConnected: () => outage.answered(),
  });
}
