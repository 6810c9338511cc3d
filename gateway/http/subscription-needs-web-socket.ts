import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError } from 'graphql';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';

/**
 * Refuses a subscription that comes over HTTP, naming the way it should come.
 * @param address where the socket is; asked late, for the port is known only when listening
 */
export function subscriptionNeedsWebSocket(address: () => string): ApolloServerPlugin {
  return {
    requestDidStart: () =>
      Promise.resolve({
        didResolveOperation: ({ operation }) => {
          if (operation?.operation !== 'subscription') return Promise.resolve();
          throw new GraphQLError(
            `A subscription needs a WebSocket: connect to ${address()} with the subprotocol ${GRAPHQL_TRANSPORT_WS_PROTOCOL}.`,
            { extensions: { code: 'SUBSCRIPTION_NEEDS_WEBSOCKET', http: { status: 405 } } },
          );
        },
      }),
  };
}
