import { type Operation, operationFromDocument } from '@apollo/federation-internals';
import type { ServiceMap } from '@apollo/gateway';
import type { QueryPlan } from '@apollo/query-planner';
import type {
  GatewayExecutionResult,
  GatewayGraphQLRequestContext,
} from '@apollo/server-gateway-interface';
import { type DocumentNode, GraphQLError } from 'graphql';
import type { QueryGraph } from '../query-graph.ts';
import { anonymousOperation } from './anonymous-operation.ts';
import { bareObject } from './own-property.ts';
import { runNode } from './run-plan.ts';
import { compileShape } from './shape.ts';

/** Runs an operation that was planned and compiled before. */
export type CompiledOperation = (
  request: GatewayGraphQLRequestContext,
) => Promise<GatewayExecutionResult>;

/** A version of the supergraph, as far as running a plan needs it. */
export type ExecutionGraph = Pick<QueryGraph, 'plannerSchema' | 'supergraphSchema'> & {
  readonly services: ServiceMap;
  readonly planOperation: (operation: Operation) => QueryPlan;
};

/**
 * Plans a query or mutation and does once what Apollo's executor does at each run: reading the
 * operation against the schema, and walking its selection to shape the response.
 * @throws GraphQLError when it cannot be planned
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
    throw new GraphQLError('A subscription is not served over a single response.');
  const shape = compileShape(operation);
  return async (request) => {
    const root = bareObject();
    const errors: unknown[] = [];
    if (node !== undefined)
      await runNode(
        {
          ...{ request, errors, services: graph.services, schema: graph.supergraphSchema },
          variableDefinitions: operation.variableDefinitions,
        },
        node,
        { path: [], data: root, root },
      );
    let shaped: ReturnType<typeof shape>;
    try {
      shaped = shape(root, request.request.variables ?? {});
    } catch (cause) {
      // A subgraph's answer was not of its schema's form: nothing of it can be believed.
      const error =
        cause instanceof Error ? cause : new Error('Shaping a response failed', { cause });
      return { errors: [new GraphQLError(error.message, { originalError: error })] };
    }
    if (errors.length > 0) return { errors: errors as GraphQLError[], data: shaped.data };
    if (shaped.errors.length === 0) return { data: shaped.data };
    return { extensions: { valueCompletion: shaped.errors }, data: shaped.data };
  };
}
