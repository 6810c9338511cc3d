import type {
  GatewayExecutionResult,
  GatewayExecutor,
  GatewayGraphQLRequestContext,
} from '@apollo/server-gateway-interface';
import { type DocumentNode, getVariableValues } from 'graphql';
import { DomainError, DomainErrorCode } from '#shared/graphql/domain-error.ts';
import { annotate } from '#shared/tracing/tracing.ts';
import type { GatewayContext } from '../../gateway-context.ts';
import { viewerKey } from '../../identity/viewer-key.ts';
import { shownQuotaOf } from '../../limits/charged-quota.ts';
import type { GatewayMetrics } from '../../metrics/gateway-metrics.ts';
import { canonicalJson } from '../../subscriptions/canonical-json.ts';
import { sha256 } from '../../persisted/operation-manifest.ts';
import { completedResult } from '../completed-result.ts';
import type { MutationCount } from '../mutation-count.ts';
import { deadlineOf } from '../operation-deadline.ts';
import type { QueryGraph } from '../query-graph.ts';
import { CompiledOperations } from './compiled-operations.ts';
import { Flights } from './flights.ts';

/** Plans an operation of a valid document before it is asked for. */
export type WarmPlan = (
  text: string,
  document: DocumentNode,
  operationName: string | undefined,
) => void;

/** What runs queries and mutations. */
export interface Executor {
  readonly execute: GatewayExecutor;
  readonly warm: WarmPlan;
}

/**
 * Runs queries and mutations by code of our own, each operation planned and compiled once for a
 * version of the supergraph. Equal queries of one viewer that are in flight together run once.
 * @param introspect runs what asks for the schema, and for something else too
 */
export function createExecutor(
  queryGraph: () => QueryGraph,
  introspect: GatewayExecutor,
  mutations: MutationCount,
  metrics: GatewayMetrics,
): Executor {
  const compiled = new CompiledOperations(queryGraph, introspect, metrics);
  const flights = new Flights<GatewayExecutionResult>();

  function lookUp({ queryHash, document, request }: GatewayGraphQLRequestContext) {
    let lookup: 'hit' | 'miss' = 'hit';
    const name = request.operationName ?? undefined;
    const operation = compiled.get(queryHash, document, name, () => (lookup = 'miss'));
    metrics.notePlanLookup(lookup);
    return operation;
  }

  async function run(request: GatewayGraphQLRequestContext): Promise<GatewayExecutionResult> {
    return completedResult(await lookUp(request)(request)) as GatewayExecutionResult;
  }

  async function answer(request: GatewayGraphQLRequestContext): Promise<GatewayExecutionResult> {
    // The schema, and who may ask for what, may have changed while it was charged.
    if (request.schema !== queryGraph().apiSchema) return { errors: [schemaChanged()] };
    const { coerced, errors } = variablesOf(request);
    if (errors !== undefined) return { errors };
    if (request.operation.operation !== 'query')
      return run(request).finally(() => mutations.noteEnd());
    const context = request.context as GatewayContext;
    if (shownQuotaOf(context, request.request.query) !== undefined) return run(request);
    // A query that begins when a mutation was answered must see it: it joins no older flight. What
    // else a client may have sent as variables is of any form and depth, and means nothing.
    const key = canonicalJson([
      ...[queryGraph().version, request.queryHash, request.request.operationName ?? null],
      ...[coerced, mutations.value],
      viewerKey(context.viewer),
    ]);
    // Each caller gets an object of its own, because plugins add to it.
    let isShared = true;
    const result = await flights.share(key, deadlineOf(context, false), () => {
      isShared = false;
      return run(request);
    });
    if (isShared) metrics.noteShared();
    annotate({ 'deskgraph.joined_equal_query': isShared });
    return { ...result };
  }

  return {
    execute: (request) => metrics.whileRunning(() => answer(request)),
    // The hash by which Apollo Server calls the text too.
    warm: (text, document, name) => void compiled.get(sha256(text), document, name, () => {}),
  };
}

/** The variables that an operation declares, by their types, with defaults; or what is wrong with them. */
function variablesOf({ schema, operation, request }: GatewayGraphQLRequestContext) {
  return getVariableValues(schema, operation.variableDefinitions ?? [], request.variables ?? {});
}

function schemaChanged(): DomainError {
  return new DomainError(
    DomainErrorCode.UNAVAILABLE,
    'The schema has just changed. Send the operation again.',
    { outcome: 'NOT_APPLIED', retryable: true, http: { status: 503 } },
  );
}
