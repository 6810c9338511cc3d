import { getVariableValues, GraphQLError } from 'graphql';
import { DomainErrorCode } from '#shared/graphql/domain-error.ts';
import type { RequestStep } from './request-step.ts';

const MAX_ERRORS = 50;

/**
 * Refuses variables with very many mistakes; the gateway itself would find and report every one.
 */
export const boundedVariableErrors: RequestStep = {
  didResolveOperation: ({ schema, operation, request }) => {
    const definitions = operation?.variableDefinitions ?? [];
    if (definitions.length === 0) return;
    const { errors = [] } = getVariableValues(schema, definitions, request.variables ?? {}, {
      maxErrors: MAX_ERRORS,
    });
    if (errors.length <= MAX_ERRORS) return;
    throw new GraphQLError('The variables contain too many errors.', {
      extensions: { code: DomainErrorCode.BAD_USER_INPUT, http: { status: 400 } },
    });
  },
};
