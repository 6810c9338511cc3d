import { getOperationAST, type GraphQLError } from 'graphql';
import { invariant } from '#shared/domain/invariant.ts';
import type { Viewer } from '#shared/identity/viewer.ts';
import { refusalOfAccess } from '../identity/authorize-operation.ts';
import type { QueryGraph } from '../supergraph/query-graph.ts';
import type { Member } from './group.ts';
import type { Variables } from './normalized-subscription.ts';
import { schemaReloaded, withoutHttp } from './stream-errors.ts';
import { replanSubscription, type SubscriptionPlan } from './subscription-plan.ts';

/** The operation of a member, and its viewer. */
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
 * The plans of live subscriptions, so that they can switch to another version of the schema. A
 * group that outlives a reload has the plan of the current version, as have all that join it later.
 */
export class LivePlans {
  readonly #entries = new Set<Entry>();
  /** Current plans by those they replace, if an older one is still in use. */
  #replanned = new Map<string, SubscriptionPlan>();
  /** The current version; null before the first reload. */
  #graph: QueryGraph | null = null;

  /** Notes that a member uses a plan. @returns a function that ends this */
  add(wish: LiveWish, member: Member): () => void {
    const entry = { wish, member };
    this.#entries.add(entry);
    return () => void this.#entries.delete(entry);
  }

  /** The plan to run now for a member that arrived with this one. */
  currentOf(plan: SubscriptionPlan): SubscriptionPlan {
    return this.#replanned.get(plan.subscription.source) ?? plan;
  }

  /**
   * Checks a request before it is followed: a client that was in no stream during a reload may
   * bring a plan of an older version.
   * @returns why it can no longer be followed; null if it can, by its current plan
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
   * Switches to another version of the schema. A member that asks the same subgraph for the same,
   * and may by the new rules, continues with a new plan; the others end with an error that says
   * why.
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
