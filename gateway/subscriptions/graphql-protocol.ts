import { randomUUID } from 'node:crypto';
import type { ApolloServer } from '@apollo/server';
import {
  type ExecutionArgs,
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
} from 'graphql';
import { makeServer, type Server, type SubscribePayload } from 'graphql-ws';
import { type Clock, toTimestamp } from '#shared/domain/clock.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { DomainError, DomainErrorCode } from '#shared/graphql/domain-error.ts';
import { maskToGraphQLError, type ReportMasked } from '#shared/graphql/format-error.ts';
import type { Viewer } from '#shared/identity/viewer.ts';
import type { GatewayContext } from '../gateway-context.ts';
import type { Authenticator } from '../identity/authenticate.ts';
import { credentialOfConnectionParams } from '../identity/credential.ts';
import type { QueryGraph } from '../supergraph/query-graph.ts';
import { CloseCode, type Connection } from './connection.ts';
import { OPERATIONS_PER_SOCKET, type Quota, quotaKeyOf } from './connection-limits.ts';
import type { SubscriptionHub } from './fan-out.ts';
import { coerceVariables, type SubscriptionPreparer } from './prepare-subscription.ts';
import { slowConsumer, StreamFailure } from './stream-errors.ts';
import { backpressureOf } from './stream-policy.ts';
import { SubscriptionMember } from './subscription-member.ts';
import type { SubscriptionPlan } from './subscription-plan.ts';

const INIT_LIMIT_MS = 3000;

/** What the protocol needs of the rest of the gateway. */
export interface ProtocolOptions {
  readonly apollo: ApolloServer<GatewayContext>;
  readonly authenticator: Authenticator;
  readonly preparer: SubscriptionPreparer;
  readonly hub: SubscriptionHub;
  readonly queryGraph: () => QueryGraph;
  readonly socketsPerViewer: Quota;
  readonly report: ReportMasked;
  readonly clock: Clock;
}

/** What the hooks hand on from preparing an operation to running it. */
type Prepared =
  | { readonly kind: 'answer'; readonly result: FormattedExecutionResult }
  | { readonly kind: 'stream'; readonly iterator: AsyncIterableIterator<never, undefined> };

type Refusal = readonly GraphQLError[];

/**
 * `graphql-transport-ws` for clients. The library keeps the protocol; queries and mutations go the way
 * of HTTP, and a subscription becomes a member of its groups, whose frames bypass the library.
 */
export function graphqlProtocol(options: ProtocolOptions): Server<Connection> {
  return makeServer<Record<string, unknown>, Connection>({
    connectionInitWaitTimeout: INIT_LIMIT_MS,
    onConnect: ({ extra, connectionParams }) => admit(options, extra, connectionParams),
    onSubscribe: async ({ extra, subscriptions }, id, payload) => {
      try {
        if (Object.keys(subscriptions).length > OPERATIONS_PER_SOCKET) return [tooManyOperations()];
        if (extra.outbox.isFull) return [slowConsumer()];
        return await prepare(options, extra, id, payload);
      } catch (cause) {
        // An exception here would close the whole socket.
        return [maskToGraphQLError(cause, options.report)];
      }
    },
    execute: ({ contextValue }) => {
      const prepared = contextValue as Prepared;
      invariant(prepared.kind === 'answer', 'a query has an answer');
      return prepared.result as never; // goes through onNext as it is
    },
    subscribe: ({ contextValue }) => {
      const prepared = contextValue as Prepared;
      invariant(prepared.kind === 'stream', 'a subscription has a stream');
      return prepared.iterator;
    },
    // Answers of Apollo Server are formatted and masked already; only they come this way.
    onNext: (_context, _id, _payload, _args, result) => result as FormattedExecutionResult,
    onError: (_context, _id, _payload, errors) => errors.flatMap(formatted),
  });
}

async function admit(
  { authenticator, socketsPerViewer, clock }: ProtocolOptions,
  connection: Connection,
  params: Readonly<Record<string, unknown>> | undefined,
): Promise<boolean | Record<string, unknown>> {
  try {
    const credential = credentialOfConnectionParams(params);
    if (connection.viewer === null || credential.kind !== 'none') {
      const viewer = await authenticator.authenticate(credential);
      const key = quotaKeyOf(viewer);
      const release = key === null ? () => {} : socketsPerViewer.take(key);
      if (release === null) {
        connection.outbox.close(CloseCode.TOO_MANY, 'Too many sockets');
        return false;
      }
      connection.identify({ credential, viewer }, release);
    }
    return {
      connectionId: connection.id,
      serverTime: toTimestamp(clock.now()),
      limits: { operations: OPERATIONS_PER_SOCKET },
    };
  } catch (cause) {
    if (!(cause instanceof DomainError) || cause.extensions['code'] !== 'UNAUTHENTICATED')
      connection.outbox.close(CloseCode.TRY_AGAIN_LATER, 'Try again later');
    return false;
  }
}

async function prepare(
  options: ProtocolOptions,
  connection: Connection,
  id: string,
  payload: SubscribePayload,
): Promise<ExecutionArgs | Refusal> {
  const { viewer } = connection;
  invariant(viewer, 'an acknowledged socket has a viewer');
  const document = options.preparer.prepare(payload);
  if (document.kind === 'refused') return document.errors;
  const prepared =
    document.kind === 'request'
      ? await answer(options, viewer, payload)
      : join(options, connection, viewer, id, document.plan, payload.variables);
  if (Array.isArray(prepared)) return prepared as Refusal;
  return {
    schema: options.queryGraph().apiSchema,
    document: document.document,
    operationName: payload.operationName,
    contextValue: prepared,
  };
}

async function answer(
  { apollo }: ProtocolOptions,
  viewer: Viewer,
  { query, variables, operationName }: SubscribePayload,
): Promise<Prepared | Refusal> {
  const { body } = await apollo.executeOperation(
    {
      query,
      ...(variables ? { variables } : {}),
      ...(operationName ? { operationName } : {}),
    },
    { contextValue: { viewer, requestId: randomUUID(), startedAtMs: performance.now() } },
  );
  invariant(body.kind === 'single', 'the gateway answers in one part');
  const { data, errors = [] } = body.singleResult;
  // Without `data` nothing was executed: that is the protocol's `error`, not a `next`.
  if (data === undefined) return errors.map(asGraphQLError);
  return { kind: 'answer', result: body.singleResult };
}

function join(
  { hub }: ProtocolOptions,
  connection: Connection,
  viewer: Viewer,
  id: string,
  plan: SubscriptionPlan,
  given: SubscribePayload['variables'],
): Prepared | Refusal {
  const coerced = coerceVariables(plan, given);
  if ('errors' in coerced) return coerced.errors;
  const { policy, argumentsOf, variablesOfStreams } = plan.subscription;
  const wishes = variablesOfStreams(coerced.values).map((variables) => ({
    ...{ plan, variables, viewer },
  }));
  const member = new SubscriptionMember(connection.outbox, id);
  member.joinAll(
    wishes.map((wish) => ({
      join: (self) => hub.subscribe(wish, self),
      gapText: (gap) => hub.gapText(wish, gap),
    })),
    backpressureOf(policy, argumentsOf(wishes[0]?.variables ?? {})),
  );
  return { kind: 'stream', iterator: member.iterator() };
}

function formatted(error: GraphQLError): readonly GraphQLFormattedError[] {
  const { originalError } = error;
  const errors = originalError instanceof StreamFailure ? originalError.errors : [error];
  return errors.map((one) => one.toJSON());
}

function asGraphQLError({ message, extensions }: GraphQLFormattedError): GraphQLError {
  return new GraphQLError(message, extensions ? { extensions } : {});
}

function tooManyOperations(): DomainError {
  return new DomainError(
    DomainErrorCode.RATE_LIMITED,
    `A connection holds at most ${OPERATIONS_PER_SOCKET} operations.`,
  );
}
