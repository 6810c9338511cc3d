import type { Logger } from '../logging/logger.ts';

/** Where metrics are to be read; nowhere without a port. */
export interface MetricsEnvironment {
  readonly METRICS_HOST: string;
  readonly METRICS_PORT?: number | undefined;
}

/**
 * Serves metrics if there is a port for them. The library is loaded only then.
 * @param read all metrics in Prometheus' text format
 * @returns a function that ends it
 */
export async function publishMetrics(
  { METRICS_HOST: host, METRICS_PORT: port }: MetricsEnvironment,
  read: () => Promise<string>,
  logger: Logger,
): Promise<() => Promise<void>> {
  if (port === undefined) return () => Promise.resolve();
  const { serveMetrics } = await import('./serve-metrics.ts');
  const server = await serveMetrics({ address: { host, port }, read, logger });
  logger.info({ origin: server.origin }, 'serving metrics');
  return server.stop;
}
