import {
  type DocumentNode,
  getOperationAST,
  GraphQLError,
  type OperationTypeNode,
  parse,
  specifiedRules,
  validate,
  type ValidationRule,
} from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import { DomainErrorCode } from '#shared/graphql/domain-error.ts';
import { coerceVariables, type GivenOperation } from '../limits/coerce-variables.ts';
import { ROOM_FOR_DOCUMENTS } from '../limits/kept-documents.ts';
import type { PlanningTime } from '../limits/planning-time.ts';
import { RecentValues } from '../limits/recent-values.ts';
import type { ShownMessage } from '../limits/shown-message.ts';
import { MAX_TOKENS, MAX_VALIDATION_ERRORS } from '../limits/validation-rules.ts';
import type { QueryGraph } from '../supergraph/query-graph.ts';
import { normalizeSubscription, type Variables } from './normalized-subscription.ts';
import { planSubscription, type SubscriptionPlan } from './subscription-plan.ts';

/** A client's document, examined as far as its kind needs. */
export type PreparedDocument =
  | { readonly kind: 'refused'; readonly errors: readonly GraphQLError[] }
  /** Runs as over HTTP, which validates it. */
  | { readonly kind: 'request'; readonly document: DocumentNode }
  | {
      readonly kind: 'subscription';
      readonly document: DocumentNode;
      readonly plan: SubscriptionPlan;
    };

/** The kind of an operation; `none` if a document holds none of its name, or not only one. */
export type KindOfOperation = `${OperationTypeNode}` | 'none' | 'unreadable';

/**
 * What is kept for one version of the supergraph: its plans hold the version with its query graph.
 */
interface Kept {
  readonly graph: QueryGraph;
  /** By name and text; refusals too, so that a bad document costs nothing the second time. */
  readonly prepared: RecentValues<PreparedDocument>;
  /** Plans by their normalized text: differently written documents share one. */
  readonly plans: RecentValues<SubscriptionPlan>;
}

/**
 * Does for subscriptions what Apollo Server does for queries: parse, validate by the same rules,
 * plan. Never throws for what a client sent: an exception in the socket's hooks would close the
 * socket.
 */
export class SubscriptionPreparer {
  readonly #queryGraph: () => QueryGraph;
  readonly #rules: readonly ValidationRule[];
  readonly #shown: ShownMessage;
  readonly #planning: PlanningTime;
  #kept: Kept | null = null;

  /** @param options.rules besides those of the specification; the very list that HTTP uses */
  constructor(
    queryGraph: () => QueryGraph,
    options: {
      readonly rules: readonly ValidationRule[];
      readonly shownMessage: ShownMessage;
      readonly planning: PlanningTime;
    },
  ) {
    this.#queryGraph = queryGraph;
    this.#rules = [...specifiedRules, ...options.rules];
    this.#shown = options.shownMessage;
    this.#planning = options.planning;
  }

  /** Whether this is a subscription, or refused, and was examined before. */
  isPrepared(payload: SubscribePayload): boolean {
    const known = this.#keptOfPresent().prepared.get(keyOf(payload));
    return known !== undefined && known.kind !== 'request';
  }

  /**
   * Examines a document; the second time it only remembers.
   * @param principal in whose time it is planned; null if nobody has asked for it yet
   */
  prepare(payload: SubscribePayload, principal: string | null): PreparedDocument {
    const kept = this.#keptOfPresent();
    const key = keyOf(payload);
    const known = kept.prepared.get(key);
    if (known !== undefined) return known;
    const owner = principal ?? 'warm';
    const look = () => this.#look(kept, payload, owner);
    const prepared = principal === null ? look() : this.#planning.spend(principal, look);
    kept.prepared.set(key, prepared, { weight: key.length, owner });
    return prepared;
  }

  /** The kind of an operation, as far as it can be read; nothing is checked or kept. */
  kindOf({ query, operationName }: SubscribePayload): KindOfOperation {
    try {
      return kindOf(parse(query, { maxTokens: MAX_TOKENS }), operationName) ?? 'none';
    } catch {
      return 'unreadable'; // whatever runs it reports that
    }
  }

  /** Whether a plan belongs to the current version. */
  isCurrent({ graph }: SubscriptionPlan): boolean {
    return graph.version === this.#queryGraph().version;
  }

  /**
   * Checks a client's variables, and fills in defaults.
   * @param asked what the plan was made for
   * @returns the variables of each stream that is asked for, or the errors if they are wrong
   */
  streamsOf(
    { subscription }: SubscriptionPlan,
    asked: GivenOperation,
  ): { readonly streams: readonly Variables[] } | { readonly errors: readonly GraphQLError[] } {
    const values = coerceVariables(asked);
    if ('errors' in values)
      return { errors: this.#withCode(values.errors, DomainErrorCode.BAD_USER_INPUT) };
    return { streams: subscription.variablesOfStreams(values.coerced) };
  }

  /** What was kept for an older version goes with it. */
  #keptOfPresent(): Kept {
    const graph = this.#queryGraph();
    if (this.#kept?.graph === graph) return this.#kept;
    const prepared = new RecentValues<PreparedDocument>(ROOM_FOR_DOCUMENTS);
    const plans = new RecentValues<SubscriptionPlan>(ROOM_FOR_DOCUMENTS);
    return (this.#kept = { graph, prepared, plans });
  }

  #look(
    kept: Kept,
    { query, operationName: name }: SubscribePayload,
    owner: string,
  ): PreparedDocument {
    let document: DocumentNode;
    try {
      document = parse(query, { maxTokens: MAX_TOKENS });
    } catch (cause) {
      return this.#refused([cause], 'GRAPHQL_PARSE_FAILED');
    }
    if (kindOf(document, name) !== 'subscription') return { kind: 'request', document };
    try {
      // One of graphql-js's own rules throws for a condition whose variable has no value yet.
      const limit = { maxErrors: MAX_VALIDATION_ERRORS };
      const errors = validate(kept.graph.apiSchema, document, this.#rules, limit);
      if (errors.length > 0) return this.#refused(errors, 'GRAPHQL_VALIDATION_FAILED');
      return { kind: 'subscription', document, plan: planOf(kept, document, { name, owner }) };
    } catch (cause) {
      return this.#refused([cause], 'GRAPHQL_VALIDATION_FAILED');
    }
  }

  #refused(causes: readonly unknown[], code: string): PreparedDocument {
    const errors = causes.map((cause) =>
      cause instanceof GraphQLError ? cause : new GraphQLError('This document cannot be executed.'),
    );
    return { kind: 'refused', errors: this.#withCode(errors, code) };
  }

  #withCode(errors: readonly GraphQLError[], code: string): readonly GraphQLError[] {
    return errors.map(
      (error) =>
        new GraphQLError(this.#shown(error.message), {
          nodes: error.nodes ?? null,
          source: error.source ?? null,
          positions: error.positions ?? null,
          path: error.path ?? null,
          extensions: { code, ...error.extensions },
        }),
    );
  }
}

function keyOf({ query, operationName }: SubscribePayload): string {
  return JSON.stringify([operationName ?? null, query]);
}

function planOf(
  { graph, plans }: Kept,
  document: DocumentNode,
  { name, owner }: { readonly name: string | null | undefined; readonly owner: string },
): SubscriptionPlan {
  const subscription = normalizeSubscription(graph.apiSchema, document, name);
  const { source } = subscription;
  const known = plans.get(source);
  const plan = known ?? planSubscription(graph, subscription);
  if (known === undefined) plans.set(source, plan, { weight: source.length, owner });
  // The plan is shared; how the client's own list is split belongs to this document.
  return { ...plan, subscription };
}

function kindOf(
  document: DocumentNode,
  name: string | null | undefined,
): OperationTypeNode | undefined {
  return getOperationAST(document, name)?.operation;
}
