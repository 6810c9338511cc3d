import { GraphQLError } from 'graphql';
import { rateLimited, unavailable } from '#shared/graphql/domain-error.ts';

/**
 * Why a subscription ended though neither the client nor its subgraph wanted it; what to do
 * follows.
 */
const StreamErrorCode = {
  /** The connection to the source broke: subscribe again, private streams with the last cursor. */
  STREAM_INTERRUPTED: 'STREAM_INTERRUPTED',
  /** The client did not read fast enough: as above, and read faster or ask for less. */
  SLOW_CONSUMER: 'SLOW_CONSUMER',
  /** The schema changed under the subscription: subscribe again, by the new schema. */
  SUBSCRIPTION_SCHEMA_RELOAD: 'SUBSCRIPTION_SCHEMA_RELOAD',
} as const;

/** The stream broke off; events may have been missed. */
export function streamInterrupted(): GraphQLError {
  return new GraphQLError(
    'The stream was interrupted. Subscribe again; resume a private stream after its last cursor.',
    { extensions: { code: StreamErrorCode.STREAM_INTERRUPTED, retryable: true } },
  );
}

/** The client is too far behind. @param cursor of the last event it was sent, if there is one */
export function slowConsumer(cursor: string | null = null): GraphQLError {
  return new GraphQLError(
    'This connection is not reading fast enough. Subscribe again; resume a private stream after its last cursor.',
    {
      extensions: {
        code: StreamErrorCode.SLOW_CONSUMER,
        retryable: true,
        ...(cursor === null ? {} : { cursor }),
      },
    },
  );
}

/** What the client asked for has changed, or no longer exists. */
export function schemaReloaded(): GraphQLError {
  return new GraphQLError(
    'The schema has changed. Subscribe again; resume a private stream after its last cursor.',
    { extensions: { code: StreamErrorCode.SUBSCRIPTION_SCHEMA_RELOAD, retryable: true } },
  );
}

/** The source could not be reached. */
export function streamUnavailable(): GraphQLError {
  return unavailable(
    'NOT_APPLIED',
    'The source of this stream is not responding. Try again later.',
  );
}

/** The client is at its limit of open streams. */
export function tooManyStreams(): GraphQLError {
  return rateLimited('Too many streams are open: close some of them.');
}

/** Nothing new is begun. A client that connects again reaches another gateway, or this one restarted. */
export function shuttingDown(): GraphQLError {
  return unavailable('NOT_APPLIED', 'The server is shutting down. Connect again.');
}

/** An error for a stream, which has no HTTP status. */
export function withoutHttp({
  message,
  extensions: { http: _http, ...extensions },
}: GraphQLError): GraphQLError {
  return new GraphQLError(message, { extensions });
}

/** A failure that carries several errors through a place that has room for one. */
export class StreamFailure extends Error {
  readonly errors: readonly GraphQLError[];

  constructor(errors: readonly GraphQLError[]) {
    super(errors[0]?.message ?? 'The stream failed.');
    this.name = 'StreamFailure';
    this.errors = errors;
  }
}
