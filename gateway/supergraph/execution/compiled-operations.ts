import type { DocumentNode } from 'graphql';
import { traced } from '#shared/tracing/tracing.ts';
import { lengthOf, ROOM_FOR_DOCUMENTS } from '../../limits/kept-documents.ts';
import { RecentValues } from '../../limits/recent-values.ts';
import type { GatewayMetrics } from '../../metrics/gateway-metrics.ts';
import type { QueryGraph } from '../query-graph.ts';
import { type CompiledOperation, compileOperation } from './compile-operation.ts';

/**
 * Operations, each planned and compiled once for a version of the supergraph while it is in use.
 */
export class CompiledOperations {
  readonly #queryGraph: () => QueryGraph;
  readonly #metrics: GatewayMetrics;
  readonly #compiled = new WeakMap<QueryGraph, RecentValues<CompiledOperation>>();

  constructor(queryGraph: () => QueryGraph, metrics: GatewayMetrics) {
    this.#queryGraph = queryGraph;
    this.#metrics = metrics;
  }

  /**
   * Returns what runs an operation of a valid document.
   * @param hash of its text
   * @param onMiss called before it is planned
   */
  get(
    hash: string | undefined,
    document: DocumentNode,
    operationName: string | undefined,
    onMiss: () => void,
  ): CompiledOperation {
    const graph = this.#queryGraph();
    const operations =
      this.#compiled.get(graph) ?? new RecentValues<CompiledOperation>(ROOM_FOR_DOCUMENTS);
    this.#compiled.set(graph, operations);
    const key = `${hash} ${operationName ?? ''}`;
    const known = operations.get(key);
    if (known !== undefined) return known;
    onMiss();
    const plan = () => compileOperation(graph, document, operationName);
    const made = traced('plan', {}, () => this.#metrics.timePlan(plan));
    operations.set(key, made, lengthOf(document));
    return made;
  }
}
