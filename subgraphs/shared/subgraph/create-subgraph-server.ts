import {
  ApolloServer,
  type ApolloServerOptions,
  type ApolloServerPlugin,
  HeaderMap,
} from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Clock } from '#shared/domain/clock.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { joinRunning } from '#shared/domain/join-running.ts';
import { maskErrors } from '#shared/graphql/format-error.ts';
import { answerHealth } from '#shared/http/answer-health.ts';
import { listeningOrigin } from '#shared/http/listening-origin.ts';
import { refuseWhileClosing } from '#shared/http/refuse-while-closing.ts';
import {
  cutOffSlowClients,
  SLOW_CLIENT_LIMITS,
  type SlowClientLimits,
} from '#shared/http/slow-clients.ts';
import { traceRequests } from '#shared/http/trace-requests.ts';
import { type PassportKey, PassportVerifier } from '#shared/identity/passport.ts';
import type { ServiceName } from '#shared/identity/viewer.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { admitRequests, viewerOf } from './passport-guard.ts';
import { reportFailures } from './report-failures.ts';
import { withDeadline } from './stop-at-deadline.ts';
import type { SubgraphMetrics } from './subgraph-metrics.ts';
import type { SubgraphRequest } from './subgraph-request.ts';
import { serveSubscriptions } from './subscription-server.ts';

const PATH = '/graphql';
const MAX_BODY_BYTES = 4 * 1024 * 1024;
/** Longer than a gateway keeps an idle connection, so that it never writes into a closing one. */
const KEEP_ALIVE_MS = 65_000;
const GRACE_MS = 3000;

/** What is different in each subgraph; everything else is the same for all three. */
export interface SubgraphDefinition<Context extends { readonly requestId: string }> {
  readonly name: Exclude<ServiceName, 'gateway'>;
  /** See `buildGuardedSchema`. */
  readonly schema: GraphQLSchema;
  /** Made once for each request, and for each subscription operation. */
  readonly createContext: (request: SubgraphRequest) => Context;
  /**
   * Whether the subgraph has what it needs to answer, by name: without one of them `/health/ready` answers
   * 503, and names it. Never throws.
   */
  readonly needs: () => Promise<Readonly<Record<string, boolean>>>;
}

/** A server that is built but does not listen yet. */
export interface SubgraphServer {
  /** Starts listening. Port 0 picks a free one. @returns the origin, `http://127.0.0.1:4001` */
  listen(address: { readonly host: string; readonly port: number }): Promise<string>;
  /** Drains: finishes what is in flight, ends subscriptions with 1001, closes. */
  stop(): Promise<void>;
}

/**
 * Builds the HTTP and WebSocket server of a subgraph: nothing is answered without a passport,
 * `_service` and `_entities` included; only `/health/live` is open.
 */
export async function createSubgraphServer<Context extends { readonly requestId: string }>(
  definition: SubgraphDefinition<Context>,
  options: {
    readonly passportKeys: readonly PassportKey[];
    readonly clock: Clock;
    readonly logger: Logger;
    /** Where measurements are recorded; nowhere if omitted. */
    readonly metrics?: SubgraphMetrics | undefined;
    /** Default: those in force. */
    readonly slowClients?: SlowClientLimits | undefined;
  },
): Promise<SubgraphServer> {
  const { logger, metrics } = options;
  const { schema } = definition;
  const verifier = new PassportVerifier({
    audience: definition.name,
    keys: options.passportKeys,
    clock: options.clock,
  });
  const app = Fastify({
    bodyLimit: MAX_BODY_BYTES,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    ...cutOffSlowClients(options.slowClients ?? SLOW_CLIENT_LIMITS),
  });
  const { report, isCommand, plugin } = reportFailures<Context>(logger);
  const plugins = metrics === undefined ? [plugin] : [plugin, metrics.observeRequests];
  const findWaiting = joinRunning(async () => missingOf(await definition.needs()));
  metrics?.watchReady(findWaiting);
  const apollo = createApollo(schema, maskErrors(report, isCommand), plugins);
  await apollo.start();

  refuseWhileClosing(app);
  admitRequests(app, verifier, logger);
  traceRequests(app, { unit: definition.name, path: PATH, isInternal: true });
  answerHealth(app, findWaiting);
  serveOperations(app, apollo, (request) => {
    const admitted = viewerOf(request);
    return withDeadline(definition.createContext(admitted), admitted.deadlineAtMs);
  });
  const subscriptions = serveSubscriptions({
    server: app.server,
    schema,
    verifier,
    definition,
    report,
  });
  return {
    listen: async ({ host, port }) => {
      await app.listen({ host, port });
      return listeningOrigin(app.server);
    },
    stop: async () => {
      await subscriptions.stop();
      const forced = setTimeout(() => app.server.closeAllConnections(), GRACE_MS);
      await app.close();
      await apollo.stop();
      clearTimeout(forced);
    },
  };
}

function createApollo<Context extends { readonly requestId: string }>(
  schema: GraphQLSchema,
  formatError: NonNullable<ApolloServerOptions<Context>['formatError']>,
  plugins: readonly ApolloServerPlugin<Context>[],
): ApolloServer<Context> {
  return new ApolloServer<Context>({
    schema,
    introspection: false,
    persistedQueries: false,
    csrfPrevention: false, // no browser reaches a subgraph: it would need a passport
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    formatError,
    plugins: [
      // It would wrap every resolver, for a header that nobody reads.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ...plugins,
    ],
  });
}

/** Every caller is one of ours, and all read the same kind of answer: no header chooses another. */
const NO_HEADERS = new HeaderMap();

/** Hands each request to Apollo Server and sends its answer. */
function serveOperations<Context extends { readonly requestId: string }>(
  app: FastifyInstance,
  apollo: ApolloServer<Context>,
  contextOf: (request: FastifyRequest) => Context,
): void {
  app.post(PATH, async (request, reply) => {
    const { body, headers, status } = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method: 'POST', headers: NO_HEADERS, search: '', body: request.body },
      context: () => Promise.resolve(contextOf(request)),
    });
    for (const [name, value] of headers) void reply.header(name, value);
    void reply.code(status ?? 200);
    invariant(body.kind === 'complete', 'a subgraph answers in one part');
    return body.string;
  });
}

function missingOf(needs: Readonly<Record<string, boolean>>): readonly string[] {
  return Object.keys(needs).filter((name) => needs[name] === false);
}
