import type { ApolloServerPlugin } from '@apollo/server';
import { getVariableValues, GraphQLError } from 'graphql';
import { DomainErrorCode } from '#shared/graphql/domain-error.ts';

const MAX_ERRORS = 50;

/** Refuses variables with very many mistakes; the gateway itself would find and tell every one. */
export const boundedVariableErrors: ApolloServerPlugin = {
  requestDidStart: () =>
    Promise.resolve({
      didResolveOperation: ({ schema, operation, request }) => {
        const definitions = operation?.variableDefinitions ?? [];
        if (definitions.length === 0) return Promise.resolve();
        const { errors = [] } = getVariableValues(schema, definitions, request.variables ?? {}, {
          maxErrors: MAX_ERRORS,
        });
        if (errors.length <= MAX_ERRORS) return Promise.resolve();
        throw new GraphQLError('The variables have too many mistakes.', {
          extensions: { code: DomainErrorCode.BAD_USER_INPUT, http: { status: 400 } },
        });
      },
    }),
};
