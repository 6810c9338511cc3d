import { type ExecutionArgs, GraphQLError, type GraphQLFormattedError } from 'graphql';
import { makeServer, type Server, type SubscribePayload } from 'graphql-ws';
import { type Clock, toTimestamp } from '#shared/domain/clock.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { DomainError, DomainErrorCode, rateLimited } from '#shared/graphql/domain-error.ts';
import { type Authenticator, hasEnded, isRefusedCredential } from '../identity/authenticate.ts';
import { withoutEmptyName } from '../http/without-empty-name.ts';
import { credentialOfConnectionParams } from '../identity/credential.ts';
import { isOfUser } from '../identity/credential-refusals.ts';
import { textOfResult } from '../supergraph/execution/json-text.ts';
import type { QueryGraph } from '../supergraph/query-graph.ts';
import { CloseCode, type Connection } from './connection.ts';
import { OPERATIONS_PER_SOCKET, type Places, placeKeyOf } from './connection-limits.ts';
import { type ConnectionGuards, GUARD_RULE, guardRequestOf } from './connection-guards.ts';
import { ownText } from './writing/frame.ts';
import { type OperationRunner, runOperation } from './run-operation.ts';
import { shuttingDown, StreamFailure } from './stream-errors.ts';

const INIT_LIMIT_MS = 3000;
/** An id is repeated with every message of its operation. */
const MAX_ID_LENGTH = 512;

/** What the protocol needs from the rest of the gateway. */
export interface ProtocolOptions extends OperationRunner {
  readonly path: string;
  readonly authenticator: Authenticator;
  readonly queryGraph: () => QueryGraph;
  readonly socketsPerViewer: Places;
  readonly guards: ConnectionGuards;
  readonly clock: Clock;
}

type Refusal = readonly GraphQLError[];

/** An operation that sends its messages itself: the library only learns how it ends. */
type Sent = AsyncIterableIterator<never, undefined>;

/**
 * `graphql-transport-ws` for clients. The library handles the protocol; queries and mutations run
 * as over HTTP, and a subscription becomes a member of its groups. Answers and frames bypass the
 * library, which would parse the text of an answer and write it again.
 */
export function graphqlProtocol(options: ProtocolOptions): Server<Connection> {
  return makeServer<Record<string, unknown>, Connection>({
    connectionInitWaitTimeout: INIT_LIMIT_MS,
    onConnect: ({ extra, subscriptions, connectionParams }) => {
      extra.watchOperations(subscriptions);
      return admit(options, extra, connectionParams);
    },
    onSubscribe: async ({ extra, subscriptions }, id, payload) => {
      if (Object.keys(subscriptions).length > OPERATIONS_PER_SOCKET) return [tooManyOperations()];
      if (id.length > MAX_ID_LENGTH) return [idTooLong()];
      // The library would confuse two operations that are being prepared under one id, with a
      // `complete` between.
      if (extra.preparing.has(id)) return [idInUse()];
      if (extra.isLeaving) return [shuttingDown()];
      extra.preparing.add(id);
      return prepare(options, extra, id, withoutEmptyName(payload)) // an exception would close the whole socket
        .finally(() => extra.preparing.delete(id));
    },
    execute: ({ contextValue }) => contextValue as never, // the library takes a stream here too
    subscribe: ({ contextValue }) => contextValue as Sent,
    onError: (_context, _id, _payload, errors) => errors.flatMap(formatted),
  });
}

/** Sends an answer when the library begins with it, which it does not if the client has left. */
function sentOnce(send: () => void): Sent {
  const done = { value: undefined, done: true } as const;
  const iterator: Sent = {
    next: () => {
      send();
      return Promise.resolve(done);
    },
    return: () => Promise.resolve(done),
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
}

/**
 * A stream that says nothing, not even that it ends, once the client has left. The library would
 * take the end for the end of whatever has that id by then, and the client may have used it for a
 * new subscription.
 */
function silentAfterReturn(source: Sent, connection: Connection): Sent {
  let hasLeft = false;
  const iterator: Sent = {
    next: () => {
      if (connection.isRevoked) void iterator.return?.(); // it began meanwhile
      return new Promise((resolve, reject) => {
        source.next().then(
          (done) => void (hasLeft || resolve(done)),
          (cause: Error) => void (hasLeft || reject(cause)),
        );
      });
    },
    return: () => {
      hasLeft = true;
      return source.return?.() ?? Promise.resolve({ value: undefined, done: true });
    },
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
}

async function admit(
  { path, authenticator, offenses, socketsPerViewer, guards, clock }: ProtocolOptions,
  connection: Connection,
  params: Readonly<Record<string, unknown>> | undefined,
): Promise<boolean | Record<string, unknown>> {
  const guard = guardRequestOf(params);
  if (guard === 'malformed') {
    connection.writer.close(CloseCode.BAD_REQUEST, GUARD_RULE);
    return false;
  }
  try {
    const credential = credentialOfConnectionParams(params, connection.origin.address, path);
    if (connection.viewer === null || credential.kind !== 'none') {
      const viewer = await authenticator.authenticate(credential);
      if (viewer.kind !== 'anonymous') offenses.vouch(connection.origin.address);
      const key = placeKeyOf(viewer);
      // Clients show a credential in the headers and here too, for one socket.
      const isCounted = connection.viewer !== null && placeKeyOf(connection.viewer) === key;
      const release = key === null || isCounted ? () => {} : socketsPerViewer.take(key);
      connection.identify({ credential, viewer }, ...(release === null ? [] : [release]));
      if (release === null) {
        connection.writer.close(CloseCode.TOO_MANY, 'Too many sockets');
        return false;
      }
    }
    const { viewer } = connection;
    const isGuarding = guard !== null && viewer?.kind === 'trader';
    if (isGuarding) connection.guardBy(await guards.guard(connection.id, viewer, guard));
    return {
      connectionId: connection.id,
      serverTime: toTimestamp(clock.now()),
      limits: { operations: OPERATIONS_PER_SOCKET },
      cancelOnDisconnect: isGuarding ? guard : null,
    };
  } catch (cause) {
    shutOut(connection, cause);
    return false;
  }
}

/** Closes a socket whose client cannot be let in. */
function shutOut(connection: Connection, cause: unknown): void {
  const isUnavailable =
    cause instanceof DomainError && cause.extensions['code'] === DomainErrorCode.UNAVAILABLE;
  if (isUnavailable || isOfUser(cause)) connection.excuse();
  if (isRefusedCredential(cause))
    return connection.writer.close(CloseCode.FORBIDDEN, closeReasonOf(cause));
  connection.writer.close(CloseCode.TRY_AGAIN_LATER, 'Try again later');
}

/**
 * `TIMESTAMP_TOO_OLD skewMs=-6000 serverTime=2026-01-01T00:00:00.000Z`: a close frame has only one
 * text. For a credential that is refused without a reason it is the message.
 */
function closeReasonOf({ message, extensions }: GraphQLError): string {
  const { reason } = extensions;
  if (typeof reason !== 'string') return message;
  const values = ['skewMs', 'serverTime'].filter((name) => name in extensions);
  return [reason, ...values.map((name) => `${name}=${String(extensions[name])}`)].join(' ');
}

async function prepare(
  options: ProtocolOptions,
  connection: Connection,
  id: string,
  payload: SubscribePayload,
): Promise<ExecutionArgs | Refusal> {
  const { viewer, origin, writer } = connection;
  invariant(viewer, 'an acknowledged socket has a viewer');
  if (hasEnded(viewer, options.clock.now())) {
    connection.revoke('Credential expired');
    return [credentialExpired()];
  }
  const prefix = ownText(id);
  const run = await runOperation(options, { viewer, origin, sink: writer, prefix }, payload);
  if (run.kind === 'refused') return run.errors;
  return {
    schema: options.queryGraph().apiSchema,
    document: run.document,
    operationName: payload.operationName,
    contextValue:
      run.kind === 'stream'
        ? silentAfterReturn(run.iterator, connection)
        : sentOnce(() => writer.send(`${prefix}${textOfResult(run.result)}}`)),
  };
}

function formatted(error: GraphQLError): readonly GraphQLFormattedError[] {
  const { originalError } = error;
  const errors = originalError instanceof StreamFailure ? originalError.errors : [error];
  return errors.map((one) => one.toJSON());
}

/** For a message that arrives before anyone has noticed that the credential has ended. */
function credentialExpired(): DomainError {
  return new DomainError(DomainErrorCode.UNAUTHENTICATED, 'This credential is no longer valid.');
}

function idInUse(): DomainError {
  return new DomainError(
    DomainErrorCode.BAD_USER_INPUT,
    'An operation with this id is already starting.',
  );
}

function idTooLong(): DomainError {
  return new DomainError(
    DomainErrorCode.BAD_USER_INPUT,
    `The id of an operation can have at most ${MAX_ID_LENGTH} characters.`,
  );
}

function tooManyOperations(): DomainError {
  return rateLimited(`A connection can have at most ${OPERATIONS_PER_SOCKET} operations.`);
}
