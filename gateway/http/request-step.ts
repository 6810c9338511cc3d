import type {
  ApolloServerPlugin,
  GraphQLRequestContextDidEncounterErrors,
  GraphQLRequestContextDidResolveOperation,
  GraphQLRequestContextWillSendResponse,
} from '@apollo/server';
import type { GatewayContext } from '../gateway-context.ts';

/** A step that runs with each query and mutation, besides running it; it is synchronous. */
export interface RequestStep {
  /** Runs before the operation. @throws GraphQLError to refuse it */
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
 * Runs steps in their order as one plugin: for each hook of each plugin Apollo Server makes a
 * promise and awaits it, and none of these steps has anything to wait for.
 */
export function pluginOfSteps(steps: readonly RequestStep[]): ApolloServerPlugin<GatewayContext> {
  // What a step throws is thrown at once, so that no later plugin sees what was refused.
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
