import { AggregatorRegistry } from 'prom-client';
import type { GatewayMetrics } from './gateway-metrics.ts';

/** In a worker: hands its metrics to the process above it when that asks. */
export function answerForWorker(metrics: GatewayMetrics): void {
  AggregatorRegistry.setRegistries([metrics.registry]);
  new AggregatorRegistry(); // listens from now on
}

/** In the process above the workers: reads the metrics of all of them, added up. */
export function readWorkers(): () => Promise<string> {
  const workers = new AggregatorRegistry();
  return () => workers.clusterMetrics();
}
