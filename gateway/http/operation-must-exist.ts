import { GraphQLError } from 'graphql';
import type { RequestStep } from './request-step.ts';

/** Refuses an `operationName` that the document lacks; the gateway itself would fail on it. */
export const operationMustExist: RequestStep = {
  didResolveOperation: ({ operation, request }) => {
    if (operation !== undefined) return;
    throw new GraphQLError(
      request.operationName
        ? 'The document contains no operation with this name.'
        : 'The document contains several operations; specify operationName.',
      { extensions: { code: 'OPERATION_RESOLUTION_FAILURE', http: { status: 400 } } },
    );
  },
};
