import type { GatewayExecutor } from '@apollo/server-gateway-interface';
import { type DocumentNode, visit } from 'graphql';
import { traced } from '#shared/tracing/tracing.ts';
import { lengthOf, ROOM_FOR_DOCUMENTS } from '../../limits/kept-documents.ts';
import { RecentValues } from '../../limits/recent-values.ts';
import type { GatewayMetrics } from '../../metrics/gateway-metrics.ts';
import type { QueryGraph } from '../query-graph.ts';
import { type CompiledOperation, compileOperation } from './compile-operation.ts';
import { asksForSchemaAlone, introspectSchema } from './introspect-schema.ts';

/**
 * Operations, each planned and compiled once for a version of the supergraph while it is in use.
 */
export class CompiledOperations {
  readonly #queryGraph: () => QueryGraph;
  readonly #introspect: GatewayExecutor;
  readonly #metrics: GatewayMetrics;
  readonly #compiled = new WeakMap<QueryGraph, RecentValues<CompiledOperation>>();

  /** @param introspect runs operations that ask for the schema and for something else */
  constructor(queryGraph: () => QueryGraph, introspect: GatewayExecutor, metrics: GatewayMetrics) {
    this.#queryGraph = queryGraph;
    this.#introspect = introspect;
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
    const made = this.#compile(graph, document, operationName);
    operations.set(key, made, lengthOf(document));
    return made;
  }

  #compile(
    graph: QueryGraph,
    document: DocumentNode,
    operationName: string | undefined,
  ): CompiledOperation {
    if (asksForSchemaAlone(document))
      return { run: introspectSchema(graph.apiSchema, document), isPublic: true };
    if (asksForSchema(document)) return { run: this.#introspect, isPublic: false };
    const plan = () => compileOperation(graph, document, operationName);
    return traced('plan', {}, () => this.#metrics.timePlan(plan));
  }
}

function asksForSchema(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    Field: ({ name }) => {
      found ||= name.value === '__schema' || name.value === '__type';
    },
  });
  return found;
}
