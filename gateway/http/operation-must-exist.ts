import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError } from 'graphql';

/** Refuses an `operationName` that the document lacks; the gateway itself would fail over it. */
export const operationMustExist: ApolloServerPlugin = {
  requestDidStart: () =>
    Promise.resolve({
      didResolveOperation: ({ operation, request }) => {
        if (operation !== undefined) return Promise.resolve();
        throw new GraphQLError(
          request.operationName
            ? 'The document holds no operation of this name.'
            : 'The document holds several operations: name one.',
          { extensions: { code: 'OPERATION_RESOLUTION_FAILURE', http: { status: 400 } } },
        );
      },
    }),
};
