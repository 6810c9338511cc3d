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

  /** What runs an operation of this text, if it is known. @param hash of its text */
  known(
    hash: string | undefined,
    operationName: string | undefined,
  ): CompiledOperation | undefined {
    return this.#operations().get(keyOf(hash, operationName));
  }

  /**
   * The same for an operation of a valid document; plans it unless it is known.
   * @param owner for whom it is planned
   */
  get(
    hash: string | undefined,
    document: DocumentNode,
    {
      operationName,
      owner,
    }: { readonly operationName: string | undefined; readonly owner: string },
  ): CompiledOperation {
    const known = this.known(hash, operationName);
    if (known !== undefined) return known;
    const plan = () => compileOperation(this.#queryGraph(), document, operationName);
    const made = traced('plan', {}, () => this.#metrics.timePlan(plan));
    const kept = { weight: lengthOf(document), owner };
    this.#operations().set(keyOf(hash, operationName), made, kept);
    return made;
  }

  /** Those of the current version. */
  #operations(): RecentValues<CompiledOperation> {
    const graph = this.#queryGraph();
    const known = this.#compiled.get(graph);
    if (known !== undefined) return known;
    const operations = new RecentValues<CompiledOperation>(ROOM_FOR_DOCUMENTS);
    this.#compiled.set(graph, operations);
    return operations;
  }
}

function keyOf(hash: string | undefined, operationName: string | undefined): string {
  return `${hash} ${operationName ?? ''}`;
}
