import type { Operation } from '@apollo/federation-internals';
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
import { type AnswerGraph, compileAnswer } from './compile-answer.ts';
import { compileDescription, withoutDescriptions } from './describe-schema.ts';
import { neverEmpty } from './never-empty.ts';
import { bareObject } from './own-property.ts';

/** An operation that was planned and compiled before. */
export interface CompiledOperation {
  readonly run: (request: GatewayGraphQLRequestContext) => Promise<GatewayExecutionResult>;
  /** Whether it reads market data alone, which no client changes. */
  readonly isPublic: boolean;
}

/** A version of the supergraph, as far as planning and running an operation needs it. */
export type ExecutionGraph = AnswerGraph &
  Pick<QueryGraph, 'plannerSchema'> & {
    readonly planOperation: (operation: Operation) => QueryPlan;
  };

/**
 * Plans a query or mutation and does once what Apollo's executor does at each run: reading the
 * operation against the schema, and walking its selection to shape the response. What describes the
 * schema itself is read from it beside the plan.
 * @throws GraphQLError if it cannot be planned
 */
export function compileOperation(
  graph: ExecutionGraph,
  document: DocumentNode,
  operationName: string | undefined,
): CompiledOperation {
  const anonymous = anonymousOperation(document, operationName);
  const describe = compileDescription(graph.apiSchema, anonymous);
  const planned = describe === null ? anonymous : withoutDescriptions(anonymous);
  const operation = operationFromDocument(graph.plannerSchema, neverEmpty(planned));
  const { node } = graph.planOperation(operation);
  if (node?.kind === 'Subscription')
    throw new GraphQLError('A subscription cannot be answered with a single response.');
  const { variableDefinitions } = operation;
  const answer = compileAnswer(graph, { document: anonymous, variableDefinitions, node });
  const run = async (request: GatewayGraphQLRequestContext): Promise<GatewayExecutionResult> => {
    const described = await describe?.(request.request.variables);
    const data = Object.assign(bareObject(), described?.data);
    return answer(request, () => ({ data, errors: described?.errors ?? [], isPlain: true }));
  };
  return { run, isPublic: node === undefined || isPublic(node) };
}
