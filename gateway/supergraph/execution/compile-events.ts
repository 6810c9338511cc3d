import type { FetchNode, PlanNode } from '@apollo/query-planner';
import type { GatewayExecutionResult } from '@apollo/server-gateway-interface';
import { type DocumentNode, GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { SubgraphAnswer } from '#shared/subgraph/subgraph-answer.ts';
import { operationFromDocument } from '../apollo-packages.ts';
import { isSubgraphName, type SubgraphName } from '../subgraph-names.ts';
import { compileAnswer, type Reading } from './compile-answer.ts';
import type { ExecutionGraph } from './compile-operation.ts';
import { neverEmpty } from './never-empty.ts';
import { bareObject, type JsonObject } from './own-property.ts';
import { downstreamError, type PlanRequest } from './run-plan.ts';
import { rewrite } from './rewrites.ts';

/** A subscription that was planned and compiled. */
export interface CompiledEvents {
  /** The owner of the stream. */
  readonly subgraph: SubgraphName;
  /**
   * What it is asked; its `variableUsages` are all the variables that go there. Each event is an answer
   * to it.
   */
  readonly primary: FetchNode;
  /** What other subgraphs are asked about each event; undefined if nothing. */
  readonly rest: PlanNode | undefined;
  /** Answers with an event, which others can read too. */
  readonly answer: (request: PlanRequest, event: SubgraphAnswer) => Promise<GatewayExecutionResult>;
}

/**
 * Plans a subscription, and compiles how its events are completed and written.
 * @param subscription the document that is planned, and the one that shapes the response
 * @throws GraphQLError if the planner has no plan of this kind for it
 */
export function compileEvents(
  graph: ExecutionGraph,
  { planned, document }: { readonly planned: DocumentNode; readonly document: DocumentNode },
): CompiledEvents {
  const operation = operationFromDocument(graph.plannerSchema, neverEmpty(planned));
  const { node } = graph.planOperation(operation);
  const subgraph = node?.kind === 'Subscription' ? node.primary.serviceName : '';
  if (node?.kind !== 'Subscription' || !isSubgraphName(subgraph))
    throw new GraphQLError('This subscription cannot be executed.', {
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    });
  const { primary, rest } = node;
  const { variableDefinitions } = operation;
  const answer = compileAnswer(graph, { document, variableDefinitions, node: rest });
  const isChanged = rest !== undefined || (primary.outputRewrites ?? []).length > 0;
  const read = (event: SubgraphAnswer): Reading => {
    const data = (isChanged ? structuredClone(event.data) : event.data) ?? bareObject();
    rewrite(graph.supergraphSchema, primary.outputRewrites, data);
    const errors = (event.errors ?? []) as readonly GraphQLFormattedError[];
    return {
      data: data as JsonObject,
      errors: errors.map((error) => downstreamError(error, primary, error.path)),
      isPlain: false, // nobody has looked
    };
  };
  return {
    subgraph,
    primary,
    rest,
    answer: (request, event) => answer(request, () => read(event)),
  };
}
