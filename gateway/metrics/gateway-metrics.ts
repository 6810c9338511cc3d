import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { SubgraphName } from '../supergraph/subgraph-names.ts';

/** Buckets from the time of a kept plan to that of the slowest mutation. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5];
const COSTS = [1, 10, 100, 300, 1000, 3000, 10_000, 50_000];

/** What is live in a gateway at one moment. */
export interface LiveCounts {
  readonly sockets: number;
  readonly eventStreams: number;
  /** Clients' subscriptions; one over several streams counts once for each. */
  readonly subscriptions: number;
  /** Operations at subgraphs that they share. */
  readonly sourceStreams: number;
}

/** How a request is labeled when its duration is recorded. */
export interface RequestLabels {
  readonly operation: 'query' | 'mutation' | 'subscription' | 'unknown';
  /** A stream is a socket or an event stream. */
  readonly transport: 'http' | 'stream';
  /** Partial: there is data and there are errors; failed: there is no data. */
  readonly outcome: 'ok' | 'partial' | 'failed';
}

/**
 * What one gateway reports to Prometheus, in a registry of its own. Labels have few values that are
 * known in advance: nothing of a client's document or identity gets into them.
 */
export class GatewayMetrics {
  readonly registry = new Registry();
  readonly #own = { registers: [this.registry] };
  readonly #requests = new Histogram({
    ...this.#own,
    name: 'deskgraph_request_duration_seconds',
    help: 'Time from receiving a query or mutation to its response.',
    labelNames: ['operation', 'transport', 'outcome'] as const,
    buckets: SECONDS,
  });
  readonly #plans = new Histogram({
    ...this.#own,
    name: 'deskgraph_plan_duration_seconds',
    help: 'Time to plan and compile an operation, once for each until its plan is evicted.',
    buckets: SECONDS,
  });
  readonly #fetches = new Histogram({
    ...this.#own,
    name: 'deskgraph_fetch_duration_seconds',
    help: 'Calls to subgraphs.',
    labelNames: ['subgraph', 'outcome'] as const,
    buckets: SECONDS,
  });
  readonly #breakers = new Gauge({
    ...this.#own,
    name: 'deskgraph_circuit_open',
    help: '1 while the circuit breaker of a subgraph is open because it did not respond, otherwise 0.',
    labelNames: ['subgraph'] as const,
  });
  readonly #running = new Gauge({
    ...this.#own,
    name: 'deskgraph_operations_in_flight',
    help: 'Queries and mutations being executed.',
  });
  readonly #planLookups = new Counter({
    ...this.#own,
    name: 'deskgraph_plan_lookups_total',
    help: 'Operations with a cached plan (hit) or without one (miss).',
    labelNames: ['result'] as const,
  });
  readonly #costs = new Histogram({
    ...this.#own,
    name: 'deskgraph_operation_cost',
    help: 'Cost of operations by their text and variables, including refused ones.',
    buckets: COSTS,
  });
  readonly #refused = new Counter({
    ...this.#own,
    name: 'deskgraph_operations_refused_total',
    help: 'Operations refused because of their cost.',
    labelNames: ['reason'] as const,
  });
  readonly #shared = new Counter({
    ...this.#own,
    name: 'deskgraph_queries_shared_total',
    help: 'Queries answered by an identical one in flight.',
  });
  readonly #fetchesShared = new Counter({
    ...this.#own,
    name: 'deskgraph_fetches_shared_total',
    help: 'Calls to subgraphs saved because an identical one was in flight.',
    labelNames: ['subgraph'] as const,
  });
  readonly #conflated = new Counter({
    ...this.#own,
    name: 'deskgraph_frames_conflated_total',
    help: 'Frames not sent because a newer state replaced them before the client, or what completes them, was ready.',
  });

  /**
   * Adds Node's own metrics of the process: event-loop delay, memory, garbage collection, handles.
   */
  includeProcess(): void {
    collectDefaultMetrics({ register: this.registry });
  }

  /** Records a request that was answered. */
  observeRequest(labels: RequestLabels, startedAtMs: number): void {
    this.#requests.observe({ ...labels }, secondsSince(startedAtMs));
  }

  /** Records a call to a subgraph; unsent is one that was not worth sending. */
  observeFetch(
    subgraph: SubgraphName,
    outcome: 'ok' | 'failed' | 'unsent',
    startedAtMs: number,
  ): void {
    this.#fetches.observe({ subgraph, outcome }, secondsSince(startedAtMs));
  }

  /** Records whether a subgraph is no longer called. */
  noteBreaker(subgraph: SubgraphName, isOpen: boolean): void {
    this.#breakers.set({ subgraph }, isOpen ? 1 : 0);
  }

  /** Makes a plan and records how long that took. */
  timePlan<Plan>(make: () => Plan): Plan {
    const startedAtMs = performance.now();
    const plan = make();
    this.#plans.observe(secondsSince(startedAtMs));
    return plan;
  }

  /** Records whether an operation had a kept plan. */
  notePlanLookup(result: 'hit' | 'miss'): void {
    this.#planLookups.inc({ result });
  }

  /** Counts an operation as running until its answer is complete. */
  async whileRunning<Answer>(run: () => Promise<Answer>): Promise<Answer> {
    this.#running.inc();
    try {
      return await run();
    } finally {
      this.#running.dec();
    }
  }

  /** Records the cost of an operation. */
  observeCost(cost: number): void {
    this.#costs.observe(cost);
  }

  /** Records an operation that was refused for its cost. */
  noteRefused(reason: 'exhausted' | 'tooCostly' | 'uncounted'): void {
    this.#refused.inc({ reason });
  }

  /** Records a query that joined the run of an equal one. */
  noteShared(): void {
    this.#shared.inc();
  }

  /** Records a call to a subgraph that joined an equal one. */
  noteFetchShared(subgraph: SubgraphName): void {
    this.#fetchesShared.inc({ subgraph });
  }

  /** Records frames that were replaced by a newer state. */
  noteConflated(count: number): void {
    this.#conflated.inc(count);
  }

  /** Sets where the counts of what is live are read; they are read at each scrape. */
  watchLive(counts: () => LiveCounts): void {
    const { registers } = this.#own;
    new Gauge({
      registers,
      name: 'deskgraph_live',
      labelNames: ['what'] as const,
      help: 'Open client sockets, event streams, subscriptions and streams from subgraphs.',
      collect() {
        const { sockets, eventStreams, subscriptions, sourceStreams } = counts();
        this.set({ what: 'sockets' }, sockets);
        this.set({ what: 'event-streams' }, eventStreams);
        this.set({ what: 'subscriptions' }, subscriptions);
        this.set({ what: 'source-streams' }, sourceStreams);
      },
    });
  }

  /** All metrics in Prometheus' text format. */
  text(): Promise<string> {
    return this.registry.metrics();
  }
}

function secondsSince(startedAtMs: number): number {
  return (performance.now() - startedAtMs) / 1000;
}
