import type { ApolloServer } from '@apollo/server';
import type { FastifyInstance } from 'fastify';
import type { ValidationRule } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import type { Clock } from '#shared/domain/clock.ts';
import type { ReportMasked } from '#shared/graphql/format-error.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { type SubgraphClient, type SubgraphAddress } from '#shared/subgraph/subgraph-client.ts';
import type { GatewayContext } from '../gateway-context.ts';
import type { AllowedOrigins } from '../http/allowed-origins.ts';
import type { ClientOrigins } from '../http/client-origins.ts';
import type { Authenticator } from '../identity/authenticate.ts';
import type { CredentialFollower } from '../identity/follow-credentials.ts';
import { CredentialWatch } from '../identity/credential-watch.ts';
import type { Offenses } from '../limits/offenses.ts';
import type { OperationCharges } from '../limits/operation-charge.ts';
import type { NewDocuments } from '../limits/new-documents.ts';
import type { PlanningTime } from '../limits/planning-time.ts';
import type { ShownMessage } from '../limits/shown-message.ts';
import type { GatewayMetrics } from '../metrics/gateway-metrics.ts';
import type { PersistedOperations } from '../persisted/persisted-operations.ts';
import type { QueryGraph } from '../supergraph/query-graph.ts';
import type { SubgraphName } from '../supergraph/subgraph-names.ts';
import { socketPlaces } from './connection-limits.ts';
import { SubscriptionHub } from './fan-out.ts';
import { ConnectionGuards } from './connection-guards.ts';
import { FlushSchedule } from './writing/flush-schedule.ts';
import { graphqlProtocol } from './graphql-protocol.ts';
import { createHydrateEvent } from './hydrate-event.ts';
import { SubscriptionPreparer } from './prepare-subscription.ts';
import { serveEventStreams } from './serve-event-streams.ts';
import type { SourceEventStreams } from './source-event-stream.ts';
import { SubgraphSocket } from './subgraph-socket.ts';
import { serveWebSockets } from './web-socket-server.ts';

/** What subscriptions are built from. */
export interface SubscriptionsOptions {
  /** Without the endpoint's own route yet. */
  readonly app: FastifyInstance;
  readonly path: string;
  readonly origins: AllowedOrigins;
  readonly clients: ClientOrigins;
  readonly authenticator: Authenticator;
  readonly apollo: ApolloServer<GatewayContext>;
  readonly subgraphs: Readonly<Record<SubgraphName, SubgraphAddress>>;
  /** Where connections that guard orders are reported. */
  readonly order: SubgraphClient;
  readonly queryGraph: () => QueryGraph;
  /** The list of rules that HTTP uses. */
  readonly rules: readonly ValidationRule[];
  readonly shownMessage: ShownMessage;
  readonly charges: OperationCharges;
  readonly documents: NewDocuments;
  readonly planning: PlanningTime;
  readonly offenses: Offenses;
  readonly persisted: PersistedOperations;
  readonly socketsPerViewer: number | undefined;
  /** See `CREDENTIAL_TIMES`. */
  readonly credentialRoundMs: number | undefined;
  readonly metrics: GatewayMetrics;
  readonly report: ReportMasked;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The subscriptions of a running gateway. */
export interface Subscriptions {
  /** Checks the credentials that sockets and event streams depend on. */
  readonly credentials: CredentialFollower;
  /** Switches to the current query graph. */
  reload(): void;
  /** Plans a subscription before anyone asks for it. */
  warm(payload: SubscribePayload): void;
  /** Ends all of them. */
  stop(): Promise<void>;
}

/** Puts the parts together: sockets, protocol, hub, and the connections to the subgraphs. */
export function createSubscriptions(options: SubscriptionsOptions): Subscriptions {
  const { queryGraph, report, logger } = options;
  const places = socketPlaces(options.socketsPerViewer);
  const schedule = new FlushSchedule();
  const hub = new SubscriptionHub({
    schedule,
    sources: connect(options),
    hydrate: createHydrateEvent(report),
    onConflated: (count) => options.metrics.noteConflated(count),
  });
  const preparer = new SubscriptionPreparer(queryGraph, options);
  const guards = new ConnectionGuards(options.order, logger);
  const protocol = graphqlProtocol({
    ...options,
    preparer,
    hub,
    guards,
    socketsPerViewer: places.perViewer,
  });
  const watch = new CredentialWatch(
    options.authenticator,
    options.clock,
    options.credentialRoundMs,
  );
  const { server } = options.app;
  const sockets = serveWebSockets({ ...options, server, protocol, watch, places, schedule });
  const streams = serveEventStreams({ ...options, preparer, hub, watch, places, schedule });
  options.metrics.watchLive(() => ({
    sockets: sockets.load().sockets,
    eventStreams: streams.count,
    subscriptions: hub.counts.members,
    sourceStreams: hub.counts.streams,
  }));
  return {
    credentials: watch,
    reload: () => hub.reload(queryGraph()),
    warm: (payload) => void preparer.prepare(payload, null),
    stop: async () => {
      watch.stop();
      await Promise.all([sockets.stop(), streams.stop()]);
      await guards.stop();
      hub.stop();
    },
  };
}

function connect({ subgraphs, clock, logger }: SubscriptionsOptions): SourceEventStreams {
  const socketOf = (name: SubgraphName) => new SubgraphSocket(subgraphs[name], clock, logger);
  const sockets: Readonly<Record<SubgraphName, SubgraphSocket>> = {
    account: socketOf('account'),
    'market-data': socketOf('market-data'),
    order: socketOf('order'),
  };
  return {
    open: (request, listener) => sockets[request.subgraph].open(request, listener),
    stop: () => Object.values(sockets).forEach((socket) => socket.stop()),
  };
}
