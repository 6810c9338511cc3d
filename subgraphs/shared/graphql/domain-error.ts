import { GraphQLError } from 'graphql';

/**
 * The families of failure a client can tell apart by `extensions.code`. Refusals of the domain are
 * data (result unions) and do not come this way.
 */
export const DomainErrorCode = {
  /** No credential, or one that is not good (any more). */
  UNAUTHENTICATED: 'UNAUTHENTICATED',
  /** A good credential that may not do this. */
  FORBIDDEN: 'FORBIDDEN',
  /** The request is malformed; repeating it unchanged cannot help. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** What is asked for is not there, or not the viewer's: the two are not told apart. */
  NOT_FOUND: 'NOT_FOUND',
  /** A part of the system did not answer; a query may be repeated. */
  UNAVAILABLE: 'UNAVAILABLE',
  /** Too much in too short a time. */
  RATE_LIMITED: 'RATE_LIMITED',
  /** A bug of ours; the log has the cause under the request id. */
  INTERNAL_SERVER_ERROR: 'INTERNAL_SERVER_ERROR',
} as const;
export type DomainErrorCode = (typeof DomainErrorCode)[keyof typeof DomainErrorCode];

/** A failure whose message and extensions are meant for the client and pass the masking unchanged. */
export class DomainError extends GraphQLError {
  constructor(
    code: DomainErrorCode,
    message: string,
    details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message, { extensions: { code, ...details } });
    this.name = 'DomainError';
  }
}
