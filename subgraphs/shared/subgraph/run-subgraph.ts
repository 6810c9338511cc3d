import { messageOf } from '#shared/domain/message-of.ts';
import type { EventBus } from '#shared/events/event-bus.ts';
import { openEventBus } from '#shared/events/open-event-bus.ts';
import { openSharedState } from '#shared/events/open-shared-state.ts';
import type { RedisEnvironment } from '#shared/events/redis-settings.ts';
import type { SharedState } from '#shared/events/shared-state.ts';
import { type MetricsEnvironment, publishMetrics } from '#shared/http/publish-metrics.ts';
import { createLogger, type Logger } from '#shared/logging/logger.ts';
import { openTracing } from '#shared/tracing/tracing.ts';
import type { SubgraphServer } from './create-subgraph-server.ts';
import type { SubgraphMetrics } from './subgraph-metrics.ts';
import { shutDownOnSignal } from './shutdown.ts';

/** What a subgraph's own process needs from its environment. */
export interface ProcessEnvironment extends RedisEnvironment, MetricsEnvironment {
  readonly HOST: string;
  readonly PORT: number;
  readonly LOG_LEVEL: string;
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
    const state = await openSharedState(environment, logger);
    // Before the server: a port that is taken must not end one that is at work.
    const { metrics, stop: stopMetrics } = await openMetrics(environment, logger);
    const server = await create(environment, { bus, state, metrics, logger });
    const origin = await server.listen({ host: environment.HOST, port: environment.PORT });
    logger.info({ origin }, 'listening');
    const disposeState = () => state?.dispose() ?? Promise.resolve();
    const disposeBus = () => bus.dispose();
    const steps = [() => server.stop(), disposeBus, disposeState, stopMetrics, stopTracing];
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

/** What a process measures, served already; the library is loaded only if somebody reads it. */
async function openMetrics(environment: ProcessEnvironment, logger: Logger) {
  if (environment.METRICS_PORT === undefined)
    return { metrics: undefined, stop: () => Promise.resolve() };
  const { SubgraphMetrics } = await import('./subgraph-metrics.ts');
  const metrics = new SubgraphMetrics();
  return { metrics, stop: await publishMetrics(environment, () => metrics.text(), logger) };
}
