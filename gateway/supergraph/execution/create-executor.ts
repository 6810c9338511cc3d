import type {
  GatewayExecutionResult,
  GatewayExecutor,
  GatewayGraphQLRequestContext,
} from '@apollo/server-gateway-interface';
import { type DocumentNode, GraphQLError } from 'graphql';
import { DomainError, unavailable } from '#shared/graphql/domain-error.ts';
import { annotate } from '#shared/tracing/tracing.ts';
import type { GatewayContext } from '../../gateway-context.ts';
import { viewerKey } from '../../identity/viewer-key.ts';
import { answerCostOf } from '../../limits/answer-cost.ts';
import { shownQuotaOf } from '../../limits/charged-quota.ts';
import { coerceVariables } from '../../limits/coerce-variables.ts';
import { principalOf } from '../../limits/operation-charge.ts';
import type { IsPlanned } from '../../limits/new-documents.ts';
import type { PlanningTime } from '../../limits/planning-time.ts';
import type { GatewayMetrics } from '../../metrics/gateway-metrics.ts';
import { canonicalJson } from '../../subscriptions/canonical-json.ts';
import { sha256 } from '../../persisted/operation-manifest.ts';
import { deadlineOf } from '../operation-deadline.ts';
import type { QueryGraph } from '../query-graph.ts';
import { takesTurns } from '../read-turns.ts';
import type { CompiledOperation } from './compile-operation.ts';
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
  /** By the current version of the schema. */
  readonly isPlanned: IsPlanned;
}

/**
 * Runs queries and mutations with code of our own, each operation planned and compiled once for a
 * version of the supergraph, in the time of its viewer. Equal queries of one viewer that arrive together run once.
 */
export function createExecutor(
  queryGraph: () => QueryGraph,
  metrics: GatewayMetrics,
  planning: PlanningTime,
): Executor {
  const compiled = new CompiledOperations(queryGraph, metrics);
  const flights = new Flights<GatewayExecutionResult>();

  /** What runs an operation. */
  function find(request: GatewayGraphQLRequestContext): CompiledOperation {
    const { queryHash: hash, document, request: asked } = request;
    const name = asked.operationName ?? undefined;
    const known = compiled.known(hash, name);
    metrics.notePlanLookup(known === undefined ? 'miss' : 'hit');
    if (known !== undefined) return known;
    const principal = principalOf(request.context as GatewayContext);
    const kept = { operationName: name, owner: principal };
    return planning.spend(principal, () => compiled.get(hash, document, kept));
  }

  async function answer(request: GatewayGraphQLRequestContext): Promise<GatewayExecutionResult> {
    // The schema, and the rights, may have changed while it was charged.
    if (request.schema !== queryGraph().apiSchema) return { errors: [schemaChanged()] };
    const { schema, document, operation: asked } = request;
    const { variables } = request.request;
    const values = coerceVariables({ schema, document, operation: asked, variables });
    if ('errors' in values) return { errors: values.errors };
    const operation = find(request);
    const context = request.context as GatewayContext;
    const isShared = asked.operation === 'query';
    if (!isShared || shownQuotaOf(context, request.request.query) !== undefined)
      return operation.run(request);
    // Undeclared variables can have any form and depth, and mean nothing.
    const key = canonicalJson([
      ...[queryGraph().version, request.queryHash, request.request.operationName ?? null],
      ...[values.coerced, viewerKey(context.viewer), turnsOf(context)],
    ]);
    const fare = { endsAtMs: deadlineOf(context, false), isChangeable: !operation.isPublic };
    // Each caller gets an object of its own, because plugins add to it.
    let isJoined = true;
    const result = await flights.share(key, fare, () => {
      isJoined = false;
      return operation.run(request);
    });
    if (isJoined) metrics.noteShared();
    annotate({ 'deskgraph.joined_equal_query': isJoined });
    return isJoined ? { ...result, ...errorsAgain(result) } : { ...result };
  }

  return {
    execute: (request) => metrics.whileRunning(() => answer(request)),
    // The hash that Apollo Server also uses for the text.
    warm: (text, document, operationName) =>
      void compiled.get(sha256(text), document, { operationName, owner: 'warm' }),
    isPlanned: ({ query, operationName }) =>
      compiled.known(sha256(query), operationName ?? undefined) !== undefined,
  };
}

/**
 * Whose turns an operation may wait for; null if it waits for none. Without a credential equal viewers
 * are several principals, and none of them may wait for what another one asked for.
 */
function turnsOf(context: GatewayContext): string | null {
  return takesTurns(answerCostOf(context)) ? principalOf(context) : null;
}

/**
 * The errors of a joined flight as objects of the caller's own: each failure is logged under the id
 * of the request that its error belongs to.
 */
function errorsAgain({ errors }: GatewayExecutionResult): Pick<GatewayExecutionResult, 'errors'> {
  if (errors === undefined) return {};
  return { errors: errors.map(again) };
}

function again(error: GraphQLError): GraphQLError {
  return new GraphQLError(error.message, {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    path: error.path ?? null,
    originalError: error.originalError ?? null,
    extensions: error.extensions,
  });
}

function schemaChanged(): DomainError {
  return unavailable('NOT_APPLIED', 'The schema has just changed. Send the operation again.', {
    http: { status: 503 },
  });
}
