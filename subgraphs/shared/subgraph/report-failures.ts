import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import { FailedRequests } from '#shared/graphql/failed-requests.ts';
import type { ReportMasked } from '#shared/graphql/format-error.ts';
import type { Logger } from '#shared/logging/logger.ts';

/** Logs what is masked, under the id of its request; streams have none. */
export function reportFailures<Context extends { readonly requestId: string }>(
  logger: Logger,
): { readonly report: ReportMasked; readonly plugin: ApolloServerPlugin<Context> } {
  const failed = new FailedRequests();
  const listener: GraphQLRequestListener<Context> = {
    didEncounterErrors: ({ errors, contextValue }) => {
      failed.note(errors, contextValue.requestId);
      return Promise.resolve();
    },
  };
  return {
    report: (cause, error) =>
      logger.error({ err: cause, requestId: failed.idOf(error) }, 'a resolver failed'),
    plugin: { requestDidStart: () => Promise.resolve(listener) },
  };
}
