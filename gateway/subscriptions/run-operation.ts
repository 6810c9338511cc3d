import { randomUUID } from 'node:crypto';
import type { ApolloServer } from '@apollo/server';
import {
  type DocumentNode,
  type FormattedExecutionResult,
  getOperationAST,
  GraphQLError,
  type GraphQLFormattedError,
} from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import { invariant } from '#shared/domain/invariant.ts';
import { maskToGraphQLError, type ReportMasked } from '#shared/graphql/format-error.ts';
import type { ClientOrigin } from '#shared/identity/client-origin.ts';
import type { Viewer } from '#shared/identity/viewer.ts';
import { traced } from '#shared/tracing/tracing.ts';
import type { GatewayContext } from '../gateway-context.ts';
import { refusalOfAccess } from '../identity/authorize-operation.ts';
import { refusalOf, toldCost } from '../limits/charge-refusal.ts';
import type { NewDocuments } from '../limits/new-documents.ts';
import { noteOffense } from '../limits/note-offenses.ts';
import type { Offenses } from '../limits/offenses.ts';
import { type OperationCharges, principalOf } from '../limits/operation-charge.ts';
import type { GatewayMetrics } from '../metrics/gateway-metrics.ts';
import type { PersistedOperations } from '../persisted/persisted-operations.ts';
import type { SubscriptionHub } from './fan-out.ts';
import type { ClientSink } from './writing/client-sink.ts';
import type { SubscriptionPreparer } from './prepare-subscription.ts';
import { schemaReloaded, slowConsumer, StreamFailure, withoutHttp } from './stream-errors.ts';
import { backpressureOf } from './stream-policy.ts';
import { SubscriptionMember } from './subscription-member.ts';
import type { SubscriptionPlan } from './subscription-plan.ts';

/** What runs operations. */
export interface OperationRunner {
  readonly apollo: ApolloServer<GatewayContext>;
  readonly preparer: SubscriptionPreparer;
  readonly hub: SubscriptionHub;
  readonly documents: NewDocuments;
  readonly charges: OperationCharges;
  readonly offenses: Offenses;
  readonly persisted: PersistedOperations;
  readonly metrics: GatewayMetrics;
  readonly report: ReportMasked;
}

/** Who an operation is run for, how, and where its events go. */
export interface OperationClient extends Pick<GatewayContext, 'freshUntilMs' | 'isCostOnly'> {
  readonly viewer: Viewer;
  readonly origin: ClientOrigin;
  readonly sink: ClientSink;
  /** Precedes each event's shared text. */
  readonly prefix: string;
}

/** What became of an operation. */
export type RunOperation =
  | { readonly kind: 'refused'; readonly errors: readonly GraphQLError[] }
  | {
      readonly kind: 'answer';
      readonly document: DocumentNode;
      readonly result: FormattedExecutionResult;
    }
  /** Its events go to the sink by themselves; the iterator only shows how it ends. */
  | {
      readonly kind: 'stream';
      readonly document: DocumentNode;
      readonly iterator: AsyncIterableIterator<never, undefined>;
    };

/**
 * Runs one operation for a client that stays connected: queries and mutations run as over HTTP, a
 * subscription becomes a member of its groups. Never throws.
 */
export async function runOperation(
  runner: OperationRunner,
  client: OperationClient,
  given: SubscribePayload,
): Promise<RunOperation> {
  let mayHaveEffect = false;
  try {
    if (client.sink.isFull) return { kind: 'refused', errors: [slowConsumer()] };
    const startedAtMs = performance.now();
    const payload = runner.persisted.resolve(given);
    const { preparer, documents, offenses } = runner;
    const refusal = await documents.admit(client, payload, (asked) => preparer.isPrepared(asked));
    if (refusal !== null) {
      noteOffense(offenses, client, [refusal]);
      return { kind: 'refused', errors: [withoutHttp(refusal)] };
    }
    const prepared = preparer.prepare(payload, principalOf(client));
    switch (prepared.kind) {
      case 'refused':
        noteOffense(offenses, client, prepared.errors);
        return prepared;
      case 'request':
        mayHaveEffect =
          getOperationAST(prepared.document, payload.operationName)?.operation === 'mutation';
        return await answer(runner, { ...client, startedAtMs }, payload, prepared.document);
      case 'subscription':
        return await join(runner, client, prepared, payload);
    }
  } catch (cause) {
    const masked = maskToGraphQLError(cause, runner.report, () => mayHaveEffect);
    return { kind: 'refused', errors: [withoutHttp(masked)] };
  }
}

/** The errors that ended a stream, as its client sees them. */
export function errorsOf(failure: unknown, report: ReportMasked): readonly GraphQLFormattedError[] {
  const errors =
    failure instanceof StreamFailure ? failure.errors : [maskToGraphQLError(failure, report)];
  return errors.map((error) => error.toJSON());
}

async function answer(
  { apollo }: OperationRunner,
  {
    viewer,
    origin,
    freshUntilMs,
    isCostOnly,
    startedAtMs,
  }: OperationClient & Pick<GatewayContext, 'startedAtMs'>,
  { query, variables, operationName }: SubscribePayload,
  document: DocumentNode,
): Promise<RunOperation> {
  const contextValue = {
    viewer,
    origin,
    freshUntilMs,
    isCostOnly,
    requestId: randomUUID(),
    startedAtMs,
  };
  const run = () =>
    apollo.executeOperation(
      {
        query,
        ...(variables ? { variables } : {}),
        ...(operationName == null ? {} : { operationName }),
      },
      { contextValue },
    );
  const { body } = await traced('gateway operation', { 'deskgraph.unit': 'gateway' }, run);
  invariant(body.kind === 'single', 'the gateway answers in one part');
  const { data, errors = [] } = body.singleResult;
  // Without `data` nothing was executed.
  if (data === undefined) return { kind: 'refused', errors: errors.map(asGraphQLError) };
  return { kind: 'answer', document, result: body.singleResult };
}

async function join(
  { hub, preparer, charges, metrics }: OperationRunner,
  { viewer, origin, sink, prefix, isCostOnly }: OperationClient,
  { plan, document }: { readonly plan: SubscriptionPlan; readonly document: DocumentNode },
  { variables: given, operationName }: SubscribePayload,
): Promise<RunOperation> {
  const operation = getOperationAST(document, operationName);
  invariant(operation, 'what was planned is an operation');
  const { apiSchema: schema, accessRules: rules } = plan.graph;
  const asked = { schema, document, operation, variables: given, viewer, origin, isCostOnly };
  const denial = refusalOfAccess({ ...asked, rules });
  if (denial !== null) return { kind: 'refused', errors: [withoutHttp(denial)] };
  const charge = await charges.charge(asked);
  const refusal = refusalOf(charge);
  if (refusal !== null) return { kind: 'refused', errors: [withoutHttp(refusal)] };
  if (isCostOnly) {
    const result = { data: null, extensions: { quota: toldCost(charge) } };
    return { kind: 'answer', document, result };
  }
  // The schema, and the rights, may have changed while it was charged.
  if (!preparer.isCurrent(plan)) return { kind: 'refused', errors: [schemaReloaded()] };
  const coerced = preparer.streamsOf(plan, asked);
  if ('errors' in coerced) return { kind: 'refused', errors: coerced.errors };
  const { policy, argumentsOf } = plan.subscription;
  const principal = principalOf(asked);
  const wishes = coerced.streams.map((variables) => ({ plan, variables, viewer, principal }));
  const member = new SubscriptionMember({
    sink,
    prefix,
    onConflated: (count) => metrics.noteConflated(count),
  });
  member.joinAll(
    wishes.map((wish) => ({
      join: (self) => hub.subscribe(wish, self),
      gapText: (gap) => hub.gapText(wish, gap),
    })),
    backpressureOf(policy, argumentsOf(wishes[0]?.variables ?? {})),
  );
  return { kind: 'stream', document, iterator: member.iterator() };
}

function asGraphQLError({ message, extensions }: GraphQLFormattedError): GraphQLError {
  return new GraphQLError(message, extensions ? { extensions } : {});
}
