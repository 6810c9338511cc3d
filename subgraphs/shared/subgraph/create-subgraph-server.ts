import type { AddressInfo } from 'node:net';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import fastifyApollo, { fastifyApolloDrainPlugin } from '@as-integrations/fastify';
import Fastify, { type FastifyInstance } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Clock } from '#shared/domain/clock.ts';
import { maskErrors } from '#shared/graphql/format-error.ts';
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
  /** Whether the subgraph can answer now; false shows as 503 on `/health/ready`. */
  readonly isReady: () => Promise<boolean>;
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
    /** Default: those in force. */
    readonly slowClients?: SlowClientLimits | undefined;
  },
): Promise<SubgraphServer> {
  const { logger } = options;
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
    ...cutOffSlowClients(options.slowClients ?? SLOW_CLIENT_LIMITS),
  });
  const { report, plugin } = reportFailures<Context>(logger);
  const apollo = new ApolloServer<Context>({
    schema,
    introspection: false,
    persistedQueries: false,
    csrfPrevention: false, // no browser reaches a subgraph: it would need a passport
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    formatError: maskErrors(report),
    plugins: [ApolloServerPluginInlineTraceDisabled(), fastifyApolloDrainPlugin(app), plugin],
  });
  await apollo.start();

  admitRequests(app, verifier, logger);
  traceRequests(app, { unit: definition.name, path: PATH, isInternal: true });
  serveHealth(app, definition.isReady);
  await app.register(fastifyApollo(apollo), {
    path: PATH,
    method: 'POST',
    context: (request) => {
      const admitted = viewerOf(request);
      const context = definition.createContext(admitted);
      return Promise.resolve(withDeadline(context, admitted.deadlineAtMs));
    },
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
      return `http://${host}:${(app.server.address() as AddressInfo).port}`;
    },
    stop: async () => {
      await subscriptions.stop();
      const forced = setTimeout(() => app.server.closeAllConnections(), GRACE_MS);
      await apollo.stop();
      await app.close();
      clearTimeout(forced);
    },
  };
}

function serveHealth(app: FastifyInstance, isReady: () => Promise<boolean>): void {
  app.get('/health/live', () => ({ status: 'live' }));
  app.get('/health/ready', async (_request, reply) => {
    const ready = await isReady().catch(() => false);
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready' });
  });
}
