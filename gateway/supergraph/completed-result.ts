import { type ExecutionResult, GraphQLError } from 'graphql';
import { DomainErrorCode } from '#shared/graphql/domain-error.ts';

/**
 * A query plan's result as GraphQL requires it. The gateway reports why a non-nullable field became
 * null only in `extensions.valueCompletion`, without an error; and an error of a fetch can be any
 * object. Here every null has its error, every error is a `GraphQLError`, and the extension is
 * removed.
 */
export function completedResult(result: ExecutionResult): ExecutionResult {
  const { extensions, errors = [], ...rest } = result;
  const { valueCompletion, ...others } = extensions ?? {};
  const nulls = Array.isArray(valueCompletion) ? valueCompletion : [];
  if (errors.length === 0 && nulls.length === 0) return result;
  return {
    ...rest,
    ...(Object.keys(others).length > 0 ? { extensions: others } : {}),
    errors: [...errors.map(asGraphQLError), ...nulls.map(asOurFault)],
  };
}

function asGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const cause =
    error instanceof Error ? error : new Error('A step of a plan failed', { cause: error });
  return new GraphQLError(cause.message, { originalError: cause });
}

function asOurFault(error: {
  readonly message: string;
  readonly path?: readonly (string | number)[];
}) {
  return new GraphQLError(error.message, {
    ...(error.path ? { path: error.path } : {}),
    extensions: { code: DomainErrorCode.INTERNAL_SERVER_ERROR },
  });
}
