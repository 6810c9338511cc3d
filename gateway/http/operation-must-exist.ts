import { GraphQLError } from 'graphql';
import type { RequestStep } from './request-step.ts';

/** Refuses an `operationName` that the document lacks; the gateway itself would fail over it. */
export const operationMustExist: RequestStep = {
  didResolveOperation: ({ operation, request }) => {
    if (operation !== undefined) return;
    throw new GraphQLError(
      request.operationName
        ? 'The document holds no operation of this name.'
        : 'The document holds several operations: name one.',
      { extensions: { code: 'OPERATION_RESOLUTION_FAILURE', http: { status: 400 } } },
    );
  },
};
