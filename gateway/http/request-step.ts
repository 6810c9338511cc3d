import type {
  ApolloServerPlugin,
  GraphQLRequestContextDidEncounterErrors,
  GraphQLRequestContextDidResolveOperation,
  GraphQLRequestContextWillSendResponse,
} from '@apollo/server';
import type { GatewayContext } from '../gateway-context.ts';

/** Something that is done with each query and mutation besides running it, at once and by itself. */
export interface RequestStep {
  /** Before it is run. @throws GraphQLError with which it is refused */
  readonly didResolveOperation?: (
    request: GraphQLRequestContextDidResolveOperation<GatewayContext>,
  ) => void;
  readonly didEncounterErrors?: (
    request: GraphQLRequestContextDidEncounterErrors<GatewayContext>,
  ) => void;
  readonly willSendResponse?: (
    request: GraphQLRequestContextWillSendResponse<GatewayContext>,
  ) => void;
}

const DONE = Promise.resolve();

/**
 * Steps, in their order, as one plugin: at each request Apollo Server makes a promise and waits for it
 * for each hook of each plugin, and none of these has anything to wait for.
 */
export function pluginOfSteps(steps: readonly RequestStep[]): ApolloServerPlugin<GatewayContext> {
  // What a step throws is thrown at once, so that no plugin behind this one sees what was refused.
  const listener = Promise.resolve({
    didResolveOperation: (request: GraphQLRequestContextDidResolveOperation<GatewayContext>) => {
      for (const step of steps) step.didResolveOperation?.(request);
      return DONE;
    },
    didEncounterErrors: (request: GraphQLRequestContextDidEncounterErrors<GatewayContext>) => {
      for (const step of steps) step.didEncounterErrors?.(request);
      return DONE;
    },
    willSendResponse: (request: GraphQLRequestContextWillSendResponse<GatewayContext>) => {
      for (const step of steps) step.willSendResponse?.(request);
      return DONE;
    },
  });
  return { requestDidStart: () => listener };
}
