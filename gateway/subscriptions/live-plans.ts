import type { QueryGraph } from '../supergraph/query-graph.ts';
import type { Member } from './group.ts';
import { schemaReloaded } from './stream-errors.ts';
import { replanSubscription, type SubscriptionPlan } from './subscription-plan.ts';

interface Entry {
  readonly plan: SubscriptionPlan;
  readonly member: Member;
}

/**
 * The plans that subscriptions live by, so that they can go over to another version of the schema. A
 * group that outlives a reload has the plan of the present version, as all who join it later have.
 */
export class LivePlans {
  readonly #entries = new Set<Entry>();
  /** Those of the present version, by what they are plans of, where an older one is still in use. */
  #replanned: ReadonlyMap<string, SubscriptionPlan> = new Map();

  /** Notes that a member lives by a plan. @returns what ends that */
  add(plan: SubscriptionPlan, member: Member): () => void {
    const entry = { plan, member };
    this.#entries.add(entry);
    return () => void this.#entries.delete(entry);
  }

  /** The plan to run now for a member that came with this one. */
  currentOf(plan: SubscriptionPlan): SubscriptionPlan {
    return this.#replanned.get(plan.subscription.source) ?? plan;
  }

  /**
   * Goes over to another version of the schema. Who asks for the same of the same subgraph goes on
   * with a new plan; the others end, and are told why.
   */
  reload(graph: QueryGraph): void {
    const bySource = new Map<string, SubscriptionPlan | null>();
    const isToEnd = ({ plan: { subscription }, plan }: Entry): boolean => {
      const known = bySource.get(subscription.source);
      const replanned = known === undefined ? replanSubscription(plan, graph) : known;
      bySource.set(subscription.source, replanned);
      return replanned === null;
    };
    const ending = [...this.#entries].filter(isToEnd);
    this.#replanned = new Map(
      [...bySource].flatMap(([source, plan]) => (plan === null ? [] : [[source, plan]])),
    );
    for (const { member } of ending) member.fail([schemaReloaded()]);
  }
}
