import { GraphQLError } from 'graphql';

/**
 * The kinds of failure that a client distinguishes by `extensions.code`. Refusals of the domain are
 * data (result unions) and not errors.
 */
export const DomainErrorCode = {
  /** No credential, or an invalid one. */
  UNAUTHENTICATED: 'UNAUTHENTICATED',
  /** A valid credential that does not allow this. */
  FORBIDDEN: 'FORBIDDEN',
  /** The request is malformed; repeating it unchanged cannot help. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** It does not exist, or is not the viewer's: the two are not distinguished. */
  NOT_FOUND: 'NOT_FOUND',
  /** A part of the system did not answer; a query can be repeated. */
  UNAVAILABLE: 'UNAVAILABLE',
  /** Too much in too short a time. */
  RATE_LIMITED: 'RATE_LIMITED',
  /** A bug of ours; the log has the cause under the request id. */
  INTERNAL_SERVER_ERROR: 'INTERNAL_SERVER_ERROR',
} as const;
export type DomainErrorCode = (typeof DomainErrorCode)[keyof typeof DomainErrorCode];

/**
 * A failure whose message and extensions are meant for the client and pass the masking unchanged.
 */
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

/** What is known of what was asked: nothing of it was done, or nobody knows. */
export type FailureOutcome = 'UNKNOWN' | 'NOT_APPLIED';

/** The extensions of an UNAVAILABLE: what may have been done, and that it can be tried again. */
export function unavailableExtensions(outcome: FailureOutcome) {
  return { code: DomainErrorCode.UNAVAILABLE, outcome, retryable: true } as const;
}

/**
 * A part of the system did not answer.
 * @param details such as the HTTP status that a whole request has by it
 */
export function unavailable(
  outcome: FailureOutcome,
  message: string,
  details: Readonly<Record<string, unknown>> = {},
): DomainError {
  const { code, ...common } = unavailableExtensions(outcome);
  return new DomainError(code, message, { ...common, ...details });
}

/**
 * Too much in too short a time: nothing was done, and the same request can be accepted later.
 * @param details such as `retryAfterMs`, if it is known after how long
 */
export function rateLimited(
  message: string,
  details: Readonly<Record<string, unknown>> = {},
): DomainError {
  const common = { outcome: 'NOT_APPLIED', retryable: true };
  return new DomainError(DomainErrorCode.RATE_LIMITED, message, { ...common, ...details });
}
