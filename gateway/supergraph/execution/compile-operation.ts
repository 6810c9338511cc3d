import type { Operation } from '@apollo/federation-internals';
import type { ServiceMap } from '@apollo/gateway';
import type { QueryPlan } from '@apollo/query-planner';
import type {
  GatewayExecutionResult,
  GatewayGraphQLRequestContext,
} from '@apollo/server-gateway-interface';
import { type DocumentNode, GraphQLError } from 'graphql';
import { operationFromDocument } from '../apollo-packages.ts';
import { isPublic } from '../public-plan.ts';
import type { QueryGraph } from '../query-graph.ts';
import { anonymousOperation } from './anonymous-operation.ts';
import { canBeWritten } from './can-be-written.ts';
import { JsonText } from './json-text.ts';
import { bareObject, type JsonObject } from './own-property.ts';
import { type PlanRun, runNode } from './run-plan.ts';
import { compileShape } from './shape.ts';
import { compileWriting } from './write-response.ts';

/** An operation that was planned and compiled before. */
export interface CompiledOperation {
  readonly run: (request: GatewayGraphQLRequestContext) => Promise<GatewayExecutionResult>;
  /** Whether it reads market data alone, which no client changes. */
  readonly isPublic: boolean;
}

/** A version of the supergraph, as far as running a plan needs it. */
export type ExecutionGraph = Pick<QueryGraph, 'plannerSchema' | 'supergraphSchema'> & {
  readonly services: ServiceMap;
  readonly planOperation: (operation: Operation) => QueryPlan;
};

/**
 * Plans a query or mutation and does once what Apollo's executor does at each run: reading the
 * operation against the schema, and walking its selection to shape the response.
 * @throws GraphQLError if it cannot be planned
 */
export function compileOperation(
  graph: ExecutionGraph,
  document: DocumentNode,
  operationName: string | undefined,
): CompiledOperation {
  const anonymous = anonymousOperation(document, operationName);
  const operation = operationFromDocument(graph.plannerSchema, anonymous);
  const { node } = graph.planOperation(operation);
  if (node?.kind === 'Subscription')
    throw new GraphQLError('A subscription cannot be answered with a single response.');
  const respond = compileResponse(operation);
  const { services, supergraphSchema: schema } = graph;
  const { variableDefinitions } = operation;
  const run = async (request: GatewayGraphQLRequestContext): Promise<GatewayExecutionResult> => {
    const root = bareObject();
    const errors: unknown[] = [];
    const planRun = { request, errors, services, schema, variableDefinitions, isPlain: true };
    if (node !== undefined) await runNode(planRun, node, { path: [], data: root, root });
    let response: ReturnType<typeof respond>;
    try {
      response = respond(root, planRun);
    } catch (cause) {
      // A subgraph's answer did not have the form of its schema: none of it can be believed.
      const error =
        cause instanceof Error ? cause : new Error('Shaping a response failed', { cause });
      return { errors: [new GraphQLError(error.message, { originalError: error })] };
    }
    const { data } = response;
    if (errors.length > 0) return { errors: errors as GraphQLError[], data };
    if (response.errors.length === 0) return { data };
    return { extensions: { valueCompletion: response.errors }, data };
  };
  return { run, isPublic: node === undefined || isPublic(node) };
}

/**
 * Makes the response from merged data: as text for sending, wherever it can be written directly.
 */
function compileResponse(operation: Operation) {
  if (!canBeWritten(operation.selectionSet)) {
    const shape = compileShape(operation);
    return (root: JsonObject, { request }: PlanRun) => shape(root, request.request.variables ?? {});
  }
  const write = compileWriting(operation);
  return (root: JsonObject, { request, isPlain }: PlanRun) => {
    const { text, errors } = write(root, request.request.variables ?? {}, isPlain);
    // It is only ever serialized, and then equals the object it replaces.
    const data = text === null ? null : (new JsonText(text) as unknown as JsonObject);
    return { data, errors };
  };
}
