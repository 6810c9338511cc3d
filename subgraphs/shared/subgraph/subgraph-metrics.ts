import type { ApolloServerPlugin } from '@apollo/server';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Buckets from a read by key to the slowest mutation. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5];

/**
 * What one subgraph process reports to Prometheus, Node's own metrics included. Nothing of a viewer or
 * an operation's values gets into it.
 */
export class SubgraphMetrics {
  readonly registry = new Registry();
  readonly #requests = new Histogram({
    registers: [this.registry],
    name: 'deskgraph_subgraph_request_duration_seconds',
    help: 'Time from reading a query or mutation to its answer.',
    labelNames: ['operation', 'outcome'] as const,
    buckets: SECONDS,
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  /** Records each query and mutation. */
  readonly observeRequests: ApolloServerPlugin = {
    requestDidStart: () => {
      const startedAtMs = performance.now();
      return Promise.resolve({
        willSendResponse: ({ operation, response: { body } }) => {
          const { data, errors } = body.kind === 'single' ? body.singleResult : {};
          const outcome = data == null ? 'failed' : errors?.length ? 'partial' : 'ok';
          this.#requests.observe(
            { operation: operation?.operation ?? 'unknown', outcome },
            (performance.now() - startedAtMs) / 1000,
          );
          return Promise.resolve();
        },
      });
    },
  };

  /** Sets where it is read what the subgraph waits for, at each scrape; nothing if it is ready. */
  watchReady(findWaiting: () => Promise<readonly string[]>): void {
    new Gauge({
      registers: [this.registry],
      name: 'deskgraph_subgraph_ready',
      help: '1 if /health/ready would answer with 200; of several order processes one is.',
      async collect() {
        this.set((await findWaiting()).length === 0 ? 1 : 0);
      },
    });
  }

  /** All metrics in Prometheus' text format. */
  text(): Promise<string> {
    return this.registry.metrics();
  }
}
