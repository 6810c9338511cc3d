import type { GraphQLDataSource, ServiceMap } from '@apollo/gateway';
import type { FetchNode, QueryPlan } from '@apollo/query-planner';
import { GraphQLError, specifiedRules, validate } from 'graphql';
import type { GatewayContext } from '../gateway-context.ts';
import { buildOperationContext } from '../supergraph/apollo-packages.ts';
import { isPublic, PUBLIC_SUBGRAPH } from '../supergraph/public-plan.ts';
import type { QueryGraph } from '../supergraph/query-graph.ts';
import { isSubgraphName, type SubgraphName } from '../supergraph/subgraph-names.ts';
import type { NormalizedSubscription } from './normalized-subscription.ts';
import type { SourceEvent } from './source-event-stream.ts';

/** The context of one event's execution: the event stands in for the plan's first fetch. */
export interface EventContext extends GatewayContext {
  readonly event: SourceEvent;
}

/** How a subscription is run: its operation at the owner, and what is added to each event. */
export interface SubscriptionPlan {
  readonly graph: QueryGraph;
  readonly subscription: NormalizedSubscription;
  /** The subgraph that owns the root field. */
  readonly subgraph: SubgraphName;
  /** The operation it is asked; its `variableUsages` are all the variables that go there. */
  readonly primary: FetchNode;
  /**
   * The plan that runs for each event: the primary fetch first, answered by the event, then the
   * rest.
   */
  readonly steps: QueryPlan;
  /** The data sources of that plan, the event's own among them. */
  readonly services: ServiceMap;
  readonly operationContext: ReturnType<typeof buildOperationContext>;
  /** Whether other subgraphs are asked for parts of an event. */
  readonly hasFetches: boolean;
  /** Whether everybody with the right to market data gets the same events. */
  readonly isStreamPublic: boolean;
  /** Whether everybody with the right to market data gets the same results. */
  readonly isResultPublic: boolean;
}

/**
 * Plans a subscription before anything is opened for it.
 * @throws GraphQLError if the planner has no plan of this kind for it
 */
export function planSubscription(
  graph: QueryGraph,
  subscription: NormalizedSubscription,
): SubscriptionPlan {
  const { node } = graph.plan(subscription.planned);
  if (node?.kind !== 'Subscription' || !isSubgraphName(node.primary.serviceName))
    throw new GraphQLError('This subscription cannot be executed.', {
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    });
  const { primary, rest } = node;
  const isShareable = subscription.policy.kind !== 'private';
  const isStreamPublic = isShareable && primary.serviceName === PUBLIC_SUBGRAPH;
  return {
    graph,
    subscription,
    subgraph: node.primary.serviceName,
    primary,
    steps: {
      kind: 'QueryPlan',
      node: { kind: 'Sequence', nodes: rest ? [primary, rest] : [primary] },
    },
    services: withEventSource(graph.services, primary),
    operationContext: buildOperationContext({
      schema: graph.apiSchema,
      operationDocument: subscription.document,
    }),
    hasFetches: rest !== undefined,
    isStreamPublic,
    isResultPublic: isStreamPublic && (rest === undefined || isPublic(rest)),
  };
}

/**
 * Plans a running subscription again, over another version of the supergraph.
 * @returns null if it is no longer valid, or cannot be planned any more
 */
export function planAgain(
  { subscription }: SubscriptionPlan,
  graph: QueryGraph,
): SubscriptionPlan | null {
  try {
    if (validate(graph.apiSchema, subscription.document, specifiedRules).length > 0) return null;
    return planSubscription(graph, subscription);
  } catch {
    return null; // the planner's way to say that it cannot be served
  }
}

/** Whether both plans ask the same subgraph for the same, and share that and its results alike. */
export function isSameStream(one: SubscriptionPlan, other: SubscriptionPlan): boolean {
  return (
    one.subgraph === other.subgraph &&
    one.primary.operation === other.primary.operation &&
    one.isStreamPublic === other.isStreamPublic &&
    one.isResultPublic === other.isResultPublic
  );
}

function withEventSource(services: ServiceMap, primary: FetchNode): ServiceMap {
  const owner = services[primary.serviceName] as GraphQLDataSource<EventContext>;
  const source: GraphQLDataSource<EventContext> = {
    process: (options) =>
      // The executor merges into the object it is given, and the event has more than one reader.
      'incomingRequestContext' in options && options.request.query === primary.operation
        ? Promise.resolve(structuredClone(options.context.event) as never)
        : owner.process(options),
  };
  return { ...services, [primary.serviceName]: source as GraphQLDataSource };
}
