import { setImmediate } from 'node:timers/promises';
import { getOperationAST, type GraphQLError } from 'graphql';
import { invariant } from '#shared/domain/invariant.ts';
import type { Viewer } from '#shared/identity/viewer.ts';
import { refusalOfAccess } from '../identity/authorize-operation.ts';
import type { QueryGraph } from '../supergraph/query-graph.ts';
import type { Member } from './group.ts';
import type { Variables } from './normalized-subscription.ts';
import { schemaReloaded, withoutHttp } from './stream-errors.ts';
import { isSameStream, planAgain, type SubscriptionPlan } from './subscription-plan.ts';

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
  /** By the source of the operation. */
  readonly #entries = new Map<string, Set<Entry>>();
  /** Current plans by those they replace, if an older one is still in use. */
  readonly #replanned = new Map<string, SubscriptionPlan>();
  /** The current version; null before the first reload. */
  #graph: QueryGraph | null = null;

  /** Notes that a member uses a plan. @returns a function that ends this */
  add(wish: LiveWish, member: Member): () => void {
    const { source } = wish.plan.subscription;
    const entry = { wish, member };
    const users = this.#entries.get(source) ?? new Set();
    this.#entries.set(source, users.add(entry));
    return () => {
      users.delete(entry);
      if (users.size === 0 && this.#entries.get(source) === users) this.#entries.delete(source);
    };
  }

  /** The plan to run now for a member that arrived with this one. */
  currentOf(plan: SubscriptionPlan): SubscriptionPlan {
    if (plan.graph === this.#graph) return plan;
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
    const current = isCurrent ? known : planAgain(plan, graph);
    if (current === null || !isSameStream(plan, current)) return schemaReloaded();
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
    for (const source of this.#replanned.keys())
      if (!this.#entries.has(source)) this.#replanned.delete(source);
    for (const { wish, member } of [...this.#entries.values()].flatMap((users) => [...users])) {
      const refusal = refusalBy(graph, wish);
      if (refusal !== null) member.fail([refusal]);
    }
    void this.#replanAll(graph);
  }

  async #replanAll(graph: QueryGraph): Promise<void> {
    let sinceMs = performance.now();
    for (const source of [...this.#entries.keys()]) {
      this.#replan(graph, source);
      if (performance.now() - sinceMs < SLICE_MS) continue;
      await setImmediate();
      if (this.#graph !== graph) return; // the next version plans all of them again
      sinceMs = performance.now();
    }
  }

  /** Members who have come since the reload have a plan of their own, but may have joined an older group. */
  #replan(graph: QueryGraph, source: string): void {
    const users = [...(this.#entries.get(source) ?? [])];
    const older = users.filter(({ wish }) => wish.plan.graph !== graph);
    const [first] = [...older, ...users];
    const current = first === undefined ? null : planAgain(first.wish.plan, graph);
    if (current === null) this.#replanned.delete(source);
    else this.#replanned.set(source, current);
    for (const { wish, member } of older)
      if (current === null || !isSameStream(wish.plan, current)) member.fail([schemaReloaded()]);
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
