import { GraphQLError } from 'graphql';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';
import type { RequestStep } from './request-step.ts';

/**
 * Refuses a subscription over plain HTTP, naming the two ways to send one, at the host and path
 * that the client itself used.
 */
export function subscriptionNeedsWebSocket(path: string): RequestStep {
  return {
    didResolveOperation: ({ operation, request }) => {
      if (operation?.operation !== 'subscription') return;
      const host = request.http?.headers.get('host') ?? '<this host>';
      throw new GraphQLError(
        `Subscriptions require a stream: connect a WebSocket to ws://${host}${path} (wss:// over TLS) with the subprotocol ${GRAPHQL_TRANSPORT_WS_PROTOCOL}, or send this request with the header "Accept: text/event-stream" alone.`,
        { extensions: { code: 'SUBSCRIPTION_NEEDS_WEBSOCKET', http: { status: 405 } } },
      );
    },
  };
}
