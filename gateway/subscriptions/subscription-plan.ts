import { specifiedRules, validate } from 'graphql';
import { type CompiledEvents, compileEvents } from '../supergraph/execution/compile-events.ts';
import { isPublic, PUBLIC_SUBGRAPH } from '../supergraph/public-plan.ts';
import type { QueryGraph } from '../supergraph/query-graph.ts';
import type { NormalizedSubscription } from './normalized-subscription.ts';

/** How a subscription is run: its operation at the owner, and what is added to each event. */
export interface SubscriptionPlan extends Omit<CompiledEvents, 'rest'> {
  readonly graph: QueryGraph;
  readonly subscription: NormalizedSubscription;
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
  const { rest, ...compiled } = compileEvents(graph, subscription);
  const isShareable = subscription.policy.kind !== 'private';
  const isStreamPublic = isShareable && compiled.subgraph === PUBLIC_SUBGRAPH;
  return {
    graph,
    subscription,
    ...compiled,
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
