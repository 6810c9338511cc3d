import { getOperationAST, type GraphQLError } from 'graphql';
import { invariant } from '#shared/domain/invariant.ts';
import type { Viewer } from '#shared/identity/viewer.ts';
import { refusalOfAccess } from '../identity/authorize-operation.ts';
import type { QueryGraph } from '../supergraph/query-graph.ts';
import type { Member } from './group.ts';
import type { Variables } from './normalized-subscription.ts';
import { schemaReloaded, withoutHttp } from './stream-errors.ts';
import { replanSubscription, type SubscriptionPlan } from './subscription-plan.ts';

/** What a member asks for, and in whose name. */
export interface LiveWish {
  readonly plan: SubscriptionPlan;
  readonly variables: Variables;
  readonly viewer: Viewer;
}

interface Entry {
  readonly wish: LiveWish;
  readonly member: Member;
}

/**
 * The plans that subscriptions live by, so that they can go over to another version of the schema. A
 * group that outlives a reload has the plan of the present version, as all who join it later have.
 */
export class LivePlans {
  readonly #entries = new Set<Entry>();
  /** Those of the present version, by what they are plans of, where an older one is still in use. */
  #replanned = new Map<string, SubscriptionPlan>();
  /** The present version; null before the first reload. */
  #graph: QueryGraph | null = null;

  /** Notes that a member lives by a plan. @returns what ends that */
  add(wish: LiveWish, member: Member): () => void {
    const entry = { wish, member };
    this.#entries.add(entry);
    return () => void this.#entries.delete(entry);
  }

  /** The plan to run now for a member that came with this one. */
  currentOf(plan: SubscriptionPlan): SubscriptionPlan {
    return this.#replanned.get(plan.subscription.source) ?? plan;
  }

  /**
   * Looks at a wish before it is followed: whoever was in no stream during a reload comes back with a
   * plan of an older version.
   * @returns why it may not be followed any more; null when it may, by its current plan
   */
  lookAgain(wish: LiveWish): GraphQLError | null {
    const graph = this.#graph;
    const { plan } = wish;
    if (graph === null || plan.graph.version === graph.version) return null;
    const { source } = plan.subscription;
    const current = this.#replanned.get(source) ?? replanSubscription(plan, graph);
    if (current === null) return schemaReloaded();
    this.#replanned.set(source, current);
    return refusalBy(graph, wish);
  }

  /**
   * Goes over to another version of the schema. Who asks for the same of the same subgraph, and may by
   * its rules, goes on with a new plan; the others end, and are told why.
   */
  reload(graph: QueryGraph): void {
    this.#graph = graph;
    const bySource = new Map<string, SubscriptionPlan | null>();
    const failureOf = ({ wish }: Entry): GraphQLError | null => {
      const { source } = wish.plan.subscription;
      const known = bySource.get(source);
      const replanned = known === undefined ? replanSubscription(wish.plan, graph) : known;
      bySource.set(source, replanned);
      return replanned === null ? schemaReloaded() : refusalBy(graph, wish);
    };
    const failures = [...this.#entries].map((entry) => [entry.member, failureOf(entry)] as const);
    this.#replanned = new Map(
      [...bySource].flatMap(([source, plan]) => (plan === null ? [] : [[source, plan]])),
    );
    for (const [member, failure] of failures) if (failure !== null) member.fail([failure]);
  }
}

function refusalBy(
  { apiSchema: schema, accessRules: rules }: QueryGraph,
  { plan, variables, viewer }: LiveWish,
): GraphQLError | null {
  const { document } = plan.subscription;
  const operation = getOperationAST(document);
  invariant(operation, 'what was planned is one operation');
  const refusal = refusalOfAccess({ schema, rules, document, operation, variables, viewer });
  return refusal === null ? null : withoutHttp(refusal);
}
