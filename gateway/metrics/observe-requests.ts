import type { ApolloServerPlugin } from '@apollo/server';
import type { GatewayContext } from '../gateway-context.ts';
import type { GatewayMetrics } from './gateway-metrics.ts';

/** Files each query and mutation, refused ones too, whichever transport brought it. */
export function observeRequests(metrics: GatewayMetrics): ApolloServerPlugin<GatewayContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        willSendResponse: ({ request, operation, response: { body }, contextValue }) => {
          const { data, errors } = body.kind === 'single' ? body.singleResult : {};
          metrics.observeRequest(
            {
              operation: operation?.operation ?? 'unknown',
              transport: request.http === undefined ? 'stream' : 'http',
              outcome: data == null ? 'failed' : errors?.length ? 'partial' : 'ok',
            },
            contextValue.startedAtMs,
          );
          return Promise.resolve();
        },
      }),
  };
}
