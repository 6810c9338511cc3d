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
import { compileDescription, withoutDescriptions } from './describe-schema.ts';
import { JsonText } from './json-text.ts';
import { bareObject, type JsonObject } from './own-property.ts';
import { runNode } from './run-plan.ts';
import { compileWriting } from './write-response.ts';

/** An operation that was planned and compiled before. */
export interface CompiledOperation {
  readonly run: (request: GatewayGraphQLRequestContext) => Promise<GatewayExecutionResult>;
  /** Whether it reads market data alone, which no client changes. */
  readonly isPublic: boolean;
}

/** A version of the supergraph, as far as running a plan needs it. */
export type ExecutionGraph = Pick<
  QueryGraph,
  'apiSchema' | 'plannerSchema' | 'supergraphSchema'
> & {
  readonly services: ServiceMap;
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
  const operation = operationFromDocument(graph.plannerSchema, planned);
  const { node } = graph.planOperation(operation);
  if (node?.kind === 'Subscription')
    throw new GraphQLError('A subscription cannot be answered with a single response.');
  const write = compileWriting(graph.apiSchema, anonymous);
  const { services, supergraphSchema: schema } = graph;
  const { variableDefinitions } = operation;
  const run = async (request: GatewayGraphQLRequestContext): Promise<GatewayExecutionResult> => {
    const { variables } = request.request;
    const root = bareObject();
    const errors: unknown[] = [];
    const planRun = { request, errors, services, schema, variableDefinitions, isPlain: true };
    if (node !== undefined) await runNode(planRun, node, { path: [], data: root, root });
    if (describe !== null) {
      const described = await describe(variables);
      Object.assign(root, described.data);
      errors.push(...(described.errors ?? []));
    }
    let response: ReturnType<typeof write>;
    try {
      response = write(root, variables, planRun.isPlain);
    } catch (cause) {
      // A subgraph's answer did not have the form of its schema: none of it can be believed.
      const error =
        cause instanceof Error ? cause : new Error('Shaping a response failed', { cause });
      return { errors: [new GraphQLError(error.message, { originalError: error })] };
    }
    // It is only ever serialized, and then equals the object it replaces.
    const { text } = response;
    const data = text === null ? null : (new JsonText(text) as unknown as JsonObject);
    if (errors.length > 0) return { errors: errors as GraphQLError[], data };
    if (response.errors.length === 0) return { data };
    return { extensions: { valueCompletion: response.errors }, data };
  };
  return { run, isPublic: node === undefined || isPublic(node) };
}
