import type { ApolloServerPlugin } from '@apollo/server';
import { annotate } from '#shared/tracing/tracing.ts';
import type { GatewayContext } from '../gateway-context.ts';

/** Tells traces what an operation was: its kind, never its words, which may hold a password. */
export const describeTraces: ApolloServerPlugin<GatewayContext> = {
  requestDidStart: () =>
    Promise.resolve({
      willSendResponse: ({ operation, queryHash, response: { body }, contextValue }) => {
        const { errors = [] } = body.kind === 'single' ? body.singleResult : {};
        annotate({
          'graphql.operation.type': operation?.operation ?? 'unknown',
          'graphql.document.sha256': queryHash ?? '',
          'graphql.errors': errors.length,
          'deskgraph.request_id': contextValue.requestId,
        });
        return Promise.resolve();
      },
    }),
};
