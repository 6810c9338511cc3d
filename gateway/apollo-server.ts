import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import type { ValidationRule } from 'graphql';
import { FailedRequests } from '#shared/graphql/failed-requests.ts';
import { maskErrors } from '#shared/graphql/format-error.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { GatewayContext } from './gateway-context.ts';
import { answerInJson } from './http/answer-in-json.ts';
import { clientMistakesAs200 } from './http/client-mistakes-as-200.ts';
import { describeTraces } from './http/describe-traces.ts';
import { operationMustExist } from './http/operation-must-exist.ts';
import { pluginOfSteps } from './http/request-step.ts';
import { requestIdOnErrors } from './http/request-id-on-errors.ts';
import { subscriptionNeedsWebSocket } from './http/subscription-needs-web-socket.ts';
import { authorizeRequests } from './identity/authorize-requests.ts';
import { chargeRequests } from './limits/charge-requests.ts';
import { documentStore } from './limits/kept-documents.ts';
import { countReading } from './limits/new-documents.ts';
import { noteOffenses } from './limits/note-offenses.ts';
import type { Offenses } from './limits/offenses.ts';
import type { OperationCharges } from './limits/operation-charge.ts';
import type { PlanningTime } from './limits/planning-time.ts';
import type { ShownMessage } from './limits/shown-message.ts';
import { MAX_TOKENS, MAX_VALIDATION_ERRORS } from './limits/validation-rules.ts';
import type { GatewayMetrics } from './metrics/gateway-metrics.ts';
import { observeRequests } from './metrics/observe-requests.ts';
import { textOfResult } from './supergraph/execution/json-text.ts';
import type { FederatedGateway } from './supergraph/federated-gateway.ts';

/** The pipeline of every query and mutation, on every transport. */
export function createApolloServer(options: {
  readonly federated: FederatedGateway;
  /** What documents must satisfy besides the specification. */
  readonly rules: readonly ValidationRule[];
  /** Of every error that a client gets. */
  readonly shownMessage: ShownMessage;
  /** The path of the endpoint, for refusals that name it. */
  readonly path: string;
  readonly charges: OperationCharges;
  readonly planning: PlanningTime;
  readonly offenses: Offenses;
  readonly metrics: GatewayMetrics;
  /** Also of every failure that is masked, under the id that its client was given. */
  readonly logger: Logger;
}): ApolloServer<GatewayContext> {
  const failed = new FailedRequests();
  const mask = maskErrors(
    (cause, error) => {
      const requestId = failed.idOf(error);
      options.logger.error({ err: cause, requestId }, 'an operation failed');
    },
    (error) => failed.isCommand(error),
  );
  return new ApolloServer<GatewayContext>({
    gateway: options.federated.gateway,
    logger: options.logger,
    // Our own rule refuses introspection if it is off, on HTTP and on sockets alike.
    introspection: true,
    validationRules: [...options.rules],
    validationOptions: { maxErrors: MAX_VALIDATION_ERRORS },
    parseOptions: { maxTokens: MAX_TOKENS },
    // `shownMessage` hides them, those of variables too.
    hideSchemaDetailsFromClientErrors: false,
    includeStacktraceInErrorResponses: false,
    persistedQueries: false,
    documentStore: documentStore(),
    allowBatchedHttpRequests: false,
    stopOnTerminationSignals: false,
    formatError: (formatted, error) => {
      const masked = mask(formatted, error);
      return { ...masked, message: options.shownMessage(masked.message) };
    },
    stringifyResult: (result) => `${textOfResult(result)}\n`,
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      // Every reply is `no-store` already, and a gateway is not a subgraph whose resolvers are
      // traced.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      pluginOfSteps([
        operationMustExist,
        subscriptionNeedsWebSocket(options.path),
        noteOffenses(options.offenses),
        authorizeRequests(options.federated.queryGraph),
        answerInJson,
        clientMistakesAs200,
        requestIdOnErrors,
        {
          didEncounterErrors: ({ errors, operation, contextValue: { requestId } }) =>
            failed.note(errors, { requestId, isCommand: operation?.operation === 'mutation' }),
        },
        observeRequests(options.metrics),
        describeTraces,
      ]),
      chargeRequests(options.charges),
      countReading(options.planning),
    ],
  });
}
