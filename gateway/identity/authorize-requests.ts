import type { ApolloServerPlugin } from '@apollo/server';
import type { GatewayContext } from '../gateway-context.ts';
import type { QueryGraph } from '../supergraph/query-graph.ts';
import { refusalOfAccess } from './authorize-operation.ts';

/** Refuses each query and mutation that its viewer may not ask, before it is charged and planned. */
export function authorizeRequests(
  queryGraph: () => QueryGraph,
): ApolloServerPlugin<GatewayContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        didResolveOperation: ({ schema, document, operation, request, contextValue }) => {
          if (operation === undefined) return Promise.resolve();
          const refusal = refusalOfAccess({
            ...{ schema, document, operation, variables: request.variables },
            ...{ viewer: contextValue.viewer, rules: queryGraph().accessRules },
          });
          if (refusal !== null) throw refusal;
          return Promise.resolve();
        },
      }),
  };
}
