import cluster, { type Worker } from 'node:cluster';
import { AggregatorRegistry, Gauge } from 'prom-client';
import type { GatewayMetrics } from './gateway-metrics.ts';

/** A worker that does not answer within this time, because it is starting or stuck, is left out. */
const ANSWER_LIMIT_MS = 1000;

type Metrics = Awaited<ReturnType<GatewayMetrics['registry']['getMetricsAsJSON']>>;

/** What the primary process asks of a worker, and the worker's answer. */
interface MetricsRequest {
  readonly type: 'deskgraph:metrics';
  readonly id: number;
}
interface MetricsAnswer extends MetricsRequest {
  readonly metrics: Metrics;
}

/**
 * In a worker: sends its metrics to the primary process on request. Call it first, so that a worker
 * that is still starting answers too.
 */
export function answerForWorker({ registry }: GatewayMetrics): void {
  process.on('message', (message: unknown) => {
    if (!isOurs(message)) return;
    void registry.getMetricsAsJSON().then((metrics) => {
      const answer: MetricsAnswer = { ...message, metrics };
      process.send?.(answer, undefined, undefined, () => {}); // nobody is there to read a failure
    });
  });
}

/**
 * In the primary process: reads the metrics of all workers that answer in time, added up, and their
 * number.
 */
export function readWorkers(): () => Promise<string> {
  let lastId = 0;
  return async () => {
    lastId += 1;
    const request: MetricsRequest = { type: 'deskgraph:metrics', id: lastId };
    const connected = Object.values(cluster.workers ?? {}).filter(
      (worker): worker is Worker => worker?.isConnected() === true,
    );
    const answers = await Promise.all(connected.map((worker) => ask(worker, request)));
    const answered = answers.filter((metrics) => metrics !== null);
    const sum = AggregatorRegistry.aggregate(answered);
    new Gauge({
      name: 'deskgraph_workers_answering',
      help: 'Workers whose figures are in this answer; others are starting or do not respond.',
      registers: [sum],
    }).set(answered.length);
    return sum.metrics();
  };
}

/** @returns null if it does not answer in time */
function ask(worker: Worker, request: MetricsRequest): Promise<Metrics | null> {
  return new Promise((resolve) => {
    const end = (metrics: Metrics | null) => {
      clearTimeout(timer);
      worker.off('message', hear).off('exit', leave);
      resolve(metrics);
    };
    const hear = (message: unknown) => {
      if (isOurs(message) && message.id === request.id) end((message as MetricsAnswer).metrics);
    };
    const leave = () => end(null);
    const timer = setTimeout(leave, ANSWER_LIMIT_MS);
    worker.on('message', hear).once('exit', leave);
    worker.process.send(request, (failure) => {
      if (failure !== null) leave();
    });
  });
}

function isOurs(message: unknown): message is MetricsRequest {
  const type: MetricsRequest['type'] = 'deskgraph:metrics';
  return (message as { readonly type?: unknown } | null)?.type === type;
}
