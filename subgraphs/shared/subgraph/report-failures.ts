import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import { FailedRequests } from '#shared/graphql/failed-requests.ts';
import type { ReportMasked } from '#shared/graphql/format-error.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { isOutage } from '#shared/store/database-failure.ts';

/** What a server masks its errors with. */
interface FailureReport<Context extends { readonly requestId: string }> {
  readonly report: ReportMasked;
  /** Whether an error is of a mutation. */
  readonly isCommand: (error: unknown) => boolean;
  readonly plugin: ApolloServerPlugin<Context>;
}

/** Logs what is masked, under the id of its request; streams have none. */
export function reportFailures<Context extends { readonly requestId: string }>(
  logger: Logger,
): FailureReport<Context> {
  const failed = new FailedRequests();
  const listener: GraphQLRequestListener<Context> = {
    didEncounterErrors: ({ errors, contextValue, operation }) => {
      const { requestId } = contextValue;
      failed.note(errors, { requestId, isCommand: operation?.operation === 'mutation' });
      return Promise.resolve();
    },
  };
  return {
    report: (cause, error) => {
      const details = { err: cause, requestId: failed.idOf(error) };
      if (isOutage(cause)) logger.warn(details, 'a store did not respond');
      else logger.error(details, 'a resolver failed');
    },
    isCommand: (error) => failed.isCommand(error),
    plugin: { requestDidStart: () => Promise.resolve(listener) },
  };
}
