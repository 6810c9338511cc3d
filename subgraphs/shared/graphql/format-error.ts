import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { isOutage } from '#shared/store/database-failure.ts';
import {
  DomainError,
  DomainErrorCode,
  type FailureOutcome,
  unavailableExtensions,
} from './domain-error.ts';

/**
 * Receives every failure that is masked, with its true cause and, if it was an error of an
 * operation, the error as the server had it.
 */
export type ReportMasked = (cause: unknown, error?: unknown) => void;

const MASKED_MESSAGE = 'An internal error occurred.';

const MASKED_COMMAND_MESSAGE =
  'An internal error occurred; it is not known whether the operation took effect.';

const OUTAGE_MESSAGE = 'A store of the desk did not respond.';

/** Codes that graphql-js, Apollo Server and our own gateway give to a client's own mistakes. */
const PUBLIC_CODES: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_REQUEST',
  'SUBSCRIPTION_NEEDS_WEBSOCKET',
  ...Object.values(DomainErrorCode).filter((code) => code !== 'INTERNAL_SERVER_ERROR'),
]);

/**
 * The one masking point of a server: what is meant for the client passes, everything else becomes
 * one fixed sentence and goes to `report`. Never shows a stack, an address or a store's words.
 * @param isCommand whether what failed can have changed something, which its client must know; if
 *   omitted, nothing can
 */
export function maskErrors(
  report: ReportMasked,
  isCommand: (error: unknown) => boolean = () => false,
) {
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const cause = unwrapResolverError(error);
    if (cause instanceof DomainError || isPublic(formatted)) return withoutStack(formatted);
    report(cause, error);
    const mayHaveEffect = isCommand(error);
    if (isOutage(cause)) return outage(formatted, mayHaveEffect ? 'UNKNOWN' : 'NOT_APPLIED');
    return {
      message: mayHaveEffect ? MASKED_COMMAND_MESSAGE : MASKED_MESSAGE,
      ...(formatted.path ? { path: formatted.path } : {}),
      extensions: { code: DomainErrorCode.INTERNAL_SERVER_ERROR },
    };
  };
}

/** {@link maskErrors} for code that holds errors of any shape and needs `GraphQLError` back. */
export function maskToGraphQLError(
  error: unknown,
  report: ReportMasked,
  isCommand?: (error: unknown) => boolean,
): GraphQLError {
  const formatted =
    error instanceof GraphQLError
      ? error.toJSON()
      : ({ message: String(error) } satisfies GraphQLFormattedError);
  const { message, path, extensions } = maskErrors(report, isCommand)(formatted, error);
  return new GraphQLError(message, {
    ...(path ? { path } : {}),
    ...(extensions ? { extensions } : {}),
  });
}

function outage({ path }: GraphQLFormattedError, outcome: FailureOutcome): GraphQLFormattedError {
  return {
    message: OUTAGE_MESSAGE,
    ...(path ? { path } : {}),
    extensions: unavailableExtensions(outcome),
  };
}

function isPublic(formatted: GraphQLFormattedError): boolean {
  return PUBLIC_CODES.has(formatted.extensions?.['code']);
}

function withoutStack(formatted: GraphQLFormattedError): GraphQLFormattedError {
  const {
    stacktrace: _stacktrace,
    serviceName: _serviceName,
    ...extensions
  } = formatted.extensions ?? {};
  return { ...formatted, extensions };
}
