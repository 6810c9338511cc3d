import type { GatewayMetrics } from './gateway-metrics.ts';
import type { RequestStep } from '../http/request-step.ts';

/** Records each query and mutation, refused ones too, on every transport. */
export function observeRequests(metrics: GatewayMetrics): RequestStep {
  return {
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
    },
  };
}
