import { annotate } from '#shared/tracing/tracing.ts';
import type { RequestStep } from './request-step.ts';

/** Adds the kind of an operation to its trace, never its text, which may hold a password. */
export const describeTraces: RequestStep = {
  willSendResponse: ({ operation, queryHash, response: { body }, contextValue }) => {
    const { errors = [] } = body.kind === 'single' ? body.singleResult : {};
    annotate({
      'graphql.operation.type': operation?.operation ?? 'unknown',
      'graphql.document.sha256': queryHash ?? '',
      'graphql.errors': errors.length,
      'deskgraph.request_id': contextValue.requestId,
    });
  },
};
