import { setImmediate } from 'node:timers/promises';
import { getOperationAST, type GraphQLError } from 'graphql';
import { invariant } from '#shared/domain/invariant.ts';
import type { Viewer } from '#shared/identity/viewer.ts';
import { refusalOfAccess } from '../identity/authorize-operation.ts';
import type { QueryGraph } from '../supergraph/query-graph.ts';
import type { Member } from './group.ts';
import type { Variables } from './normalized-subscription.ts';
import { schemaReloaded, withoutHttp } from './stream-errors.ts';
import { replanSubscription, type SubscriptionPlan } from './subscription-plan.ts';

/** After this long other work has a turn. */
const SLICE_MS = 10;

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
  readonly #replanned = new Map<string, SubscriptionPlan>();
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
    const known = this.#replanned.get(source);
    const isCurrent = known?.graph.version === graph.version;
    const current = isCurrent ? known : replanSubscription(plan, graph);
    if (current === null) return schemaReloaded();
    this.#replanned.set(source, current);
    return refusalBy(graph, wish);
  }

  /**
   * Switches to another version of the schema. Members who may not ask for what they have by the
   * new rules end at once. The others are planned again, with other work between, because there can
   * be thousands of plans: a member that asks the same subgraph for the same continues, by the old
   * plan until it has a new one, and any other ends with an error that says why.
   */
  reload(graph: QueryGraph): void {
    this.#graph = graph;
    const entries = [...this.#entries];
    const bySource = groupedBySource(entries);
    for (const source of this.#replanned.keys())
      if (!bySource.has(source)) this.#replanned.delete(source);
    for (const { wish, member } of entries) {
      const refusal = refusalBy(graph, wish);
      if (refusal !== null) member.fail([refusal]);
    }
    void this.#replanAll(graph, bySource);
  }

  async #replanAll(
    graph: QueryGraph,
    entries: ReadonlyMap<string, readonly Entry[]>,
  ): Promise<void> {
    let sinceMs = performance.now();
    for (const [source, users] of entries) {
      this.#replan(graph, source, users);
      if (performance.now() - sinceMs < SLICE_MS) continue;
      await setImmediate();
      if (this.#graph !== graph) return; // the next version plans all of them again
      sinceMs = performance.now();
    }
  }

  #replan(graph: QueryGraph, source: string, users: readonly Entry[]): void {
    const left = users.filter((entry) => this.#entries.has(entry));
    const [first] = left;
    if (first === undefined) return void this.#replanned.delete(source);
    const current = replanSubscription(first.wish.plan, graph);
    if (current !== null) return void this.#replanned.set(source, current);
    for (const { member } of left) member.fail([schemaReloaded()]);
  }
}

function groupedBySource(entries: readonly Entry[]): ReadonlyMap<string, readonly Entry[]> {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const { source } = entry.wish.plan.subscription;
    const group = groups.get(source);
    if (group === undefined) groups.set(source, [entry]);
    else group.push(entry);
  }
  return groups;
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
