import type { AddressInfo } from 'node:net';
import type { ValidationRule } from 'graphql';
import type { Clock } from '#shared/domain/clock.ts';
import type { EventBus } from '#shared/events/event-bus.ts';
import { listeningOrigin } from '#shared/http/listening-origin.ts';
import { traceRequests } from '#shared/http/trace-requests.ts';
import type { PassportKey } from '#shared/identity/passport.ts';
import type { Scope, Viewer } from '#shared/identity/viewer.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { SubgraphClient } from '#shared/subgraph/subgraph-client.ts';
import { createApolloServer } from './apollo-server.ts';
import { serveExplorer } from './explorer/serve-explorer.ts';
import { serveHealth } from './health.ts';
import { AllowedOrigins } from './http/allowed-origins.ts';
import { barOffenders } from './http/bar-offenders.ts';
import { boundConnections } from './http/bound-connections.ts';
import { dropOffenders } from './http/drop-offenders.ts';
import { ClientOrigins } from './http/client-origins.ts';
import { contextsOf } from './http/request-context.ts';
import { serveGraphql } from './http/serve-graphql.ts';
import { createHttpApp } from './http/create-http-app.ts';
import { Authenticator } from './identity/authenticate.ts';
import type { CredentialTimes } from './identity/credential-times.ts';
import { type CredentialFollower, followCredentials } from './identity/follow-credentials.ts';
import { Offenses } from './limits/offenses.ts';
import { OperationCharges, type QuotaOptions } from './limits/operation-charge.ts';
import { PlanningTime } from './limits/planning-time.ts';
import { messagesFor } from './limits/shown-message.ts';
import { validationRules } from './limits/validation-rules.ts';
import { GatewayMetrics } from './metrics/gateway-metrics.ts';
import { readManifest } from './persisted/operation-manifest.ts';
import { PersistedOperations } from './persisted/persisted-operations.ts';
import { resolveRequests } from './persisted/resolve-requests.ts';
import { warmPlans } from './persisted/warm-plans.ts';
import { createSubscriptions, type Subscriptions } from './subscriptions/create-subscriptions.ts';
import { createFederatedGateway, type FederatedGateway } from './supergraph/federated-gateway.ts';
import { SubgraphDataSource } from './supergraph/subgraph-data-source.ts';
import { SUBGRAPH_NAMES, type SubgraphName } from './supergraph/subgraph-names.ts';
import { SupergraphFile } from './supergraph/supergraph-file.ts';

const DEFAULT_SUPERGRAPH = new URL('./supergraph.graphql', import.meta.url);
/** After this any open connection is cut off; a little longer than a mutation can take. */
const GRACE_MS = 5500;
const PATH = '/graphql';

/** What the gateway is built from. */
export interface GatewayServerOptions {
  readonly subgraphs: Readonly<
    Record<SubgraphName, { readonly url: string; readonly passportKey: PassportKey }>
  >;
  /** The composed supergraph; the committed one if omitted. Read again when it changes. */
  readonly supergraphPath?: string | undefined;
  /** The scopes of requests without a credential. */
  readonly anonymousScopes: readonly Scope[];
  /** Origins of web pages that can call us besides our own; exact matches only. */
  readonly allowedOrigins: readonly string[];
  /**
   * Proxies whose `X-Forwarded-For` and `-Proto` are believed: addresses and blocks; none if
   * omitted.
   */
  readonly trustedProxies?: readonly string[] | undefined;
  /** Whether the explorer's pages are served. */
  readonly explorer: boolean;
  /** Whether clients can ask for the schema. */
  readonly introspection: boolean;
  /** Where changes of credentials are published; without it they are only found by asking. */
  readonly bus?: EventBus | undefined;
  /** How long credentials are believed; `CREDENTIAL_TIMES` if omitted. */
  readonly credentialTimes?: Partial<CredentialTimes> | undefined;
  /** How many sockets one signed-in viewer can have; 10 if omitted. */
  readonly socketsPerViewer?: number | undefined;
  /** How many invalid requests one address can send at once without a credential; 30 if omitted. */
  readonly toleratedOffenses?: number | undefined;
  /** The manifest of registered operations, and whether only those may run. */
  readonly persistedOperations?:
    { readonly path: string | undefined; readonly isOnly: boolean } | undefined;
  /** The quota of each user; without it only the limit of one operation holds. */
  readonly quota?: QuotaOptions | undefined;
  /** Where measurements are recorded; nobody reads them if omitted. */
  readonly metrics?: GatewayMetrics | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A gateway that is built but does not listen yet. */
export interface GatewayServer {
  /** Starts listening. Port 0 picks a free one. @returns the origin, `http://127.0.0.1:4000` */
  listen(address: { readonly host: string; readonly port: number }): Promise<string>;
  /** Drains: begins nothing more, finishes what is in flight, ends sockets with 1001, closes. */
  stop(): Promise<void>;
}

/**
 * Builds the gateway: HTTP, WebSocket and event streams on `/graphql`, health, explorer.
 * @throws Error if the supergraph cannot be read or used
 */
export async function createGatewayServer(options: GatewayServerOptions): Promise<GatewayServer> {
  const { clock, logger, metrics = new GatewayMetrics() } = options;
  const report = (cause: unknown) => logger.error({ err: cause }, 'an operation failed');
  const clientOf = (name: SubgraphName) =>
    new SubgraphClient({ name, ...options.subgraphs[name] }, clock);
  const [subgraphs, commands] = [mapSubgraphs(clientOf), mapSubgraphs(clientOf)];
  // Over connections of their own: nobody's reads keep credentials from being checked, or guarded
  // connections from being reported, without which their orders are canceled.
  const [account, order] = [clientOf('account'), clientOf('order')];
  const file = new SupergraphFile(options.supergraphPath ?? DEFAULT_SUPERGRAPH, logger);
  const followers: CredentialFollower[] = [];
  const reach = { subgraphs, commands, followers };
  const planning = new PlanningTime(clock);
  const federated = await federate(file, reach, { metrics, planning, logger });
  const { rememberedMs, roundMs } = options.credentialTimes ?? {};
  const authenticator = new Authenticator({ ...options, account, rememberedMs });
  const door = createFrontDoor(options);
  const { app, origins, clients, offenses } = door;
  const [rules, shownMessage] = [validationRules(options), messagesFor(options)];
  const charges = new OperationCharges({ ...options, metrics });
  const pipeline = { path: PATH, rules, shownMessage, planning, charges, metrics, report, logger };
  const apollo = createApolloServer({ ...pipeline, federated, offenses });
  await Promise.all([apollo.start(), charges.begin()]);
  federated.queryGraph(); // throws now rather than at the first subscription

  const persisted = await persistedOperations(options);
  traceRequests(app, { unit: 'gateway', path: PATH, isInternal: false });
  resolveRequests(app, PATH, persisted);
  const addresses = mapSubgraphs((name) => ({ name, ...options.subgraphs[name] }));
  const { isLoaded, documents } = federated;
  const health = serveHealth(app, { subgraphs: Object.values(addresses), clock, isLoaded });
  serveExplorer(app, { endpoint: PATH, isOn: options.explorer });
  const subscriptions = createSubscriptions({
    ...door,
    ...pipeline,
    documents,
    authenticator,
    apollo,
    persisted,
    clock,
    queryGraph: federated.queryGraph,
    subgraphs: addresses,
    order,
    socketsPerViewer: options.socketsPerViewer,
    credentialRoundMs: roundMs,
  });
  followers.push(authenticator, subscriptions.credentials);
  const unfollow = followCredentials(options.bus, followers, logger);
  const contextOf = contextsOf({ authenticator, documents, clients, offenses, clock });
  serveGraphql(app, { path: PATH, apollo, contextOf });
  const unwatch = await keepPlanned({ file, federated, subscriptions, persisted, rules, logger });
  return {
    listen: async (address) => {
      await app.listen(address);
      origins.addOwn(address.host, (app.server.address() as AddressInfo).port);
      return listeningOrigin(app.server);
    },
    stop: once(async () => {
      unwatch();
      const forced = setTimeout(() => app.server.closeAllConnections(), GRACE_MS);
      await Promise.all([subscriptions.stop(), app.close(), unfollow()]);
      await apollo.stop();
      await charges.close();
      clearTimeout(forced);
      health.stop();
      const connected = [subgraphs, commands].flatMap((each) => Object.values(each));
      await Promise.all([...connected, account, order].map((client) => client.close()));
    }),
  };
}

/**
 * Plans the registered operations, now and for each new version of the supergraph.
 * @returns a function that ends this
 */
async function keepPlanned(parts: {
  readonly file: SupergraphFile;
  readonly federated: FederatedGateway;
  readonly subscriptions: Subscriptions;
  readonly persisted: PersistedOperations;
  readonly rules: readonly ValidationRule[];
  readonly logger: Logger;
}): Promise<() => void> {
  const { file, federated, subscriptions, persisted, rules, logger } = parts;
  const warm = () =>
    warmPlans(persisted.texts, {
      schema: () => federated.queryGraph().apiSchema,
      rules,
      logger,
      planRequest: federated.warm,
      planSubscription: subscriptions.warm,
    });
  await warm();
  return file.watch(async (supergraphSdl) => {
    await federated.reload(supergraphSdl);
    subscriptions.reload();
    void warm();
  });
}

/** What every request passes first. */
function createFrontDoor({
  allowedOrigins,
  trustedProxies = [],
  ...options
}: GatewayServerOptions) {
  const origins = new AllowedOrigins(allowedOrigins);
  const clients = new ClientOrigins(trustedProxies);
  const offenses = new Offenses(options.clock, options.toleratedOffenses);
  const app = createHttpApp({ origins, clients, logger: options.logger });
  boundConnections(app.server, clients);
  dropOffenders(app.server, offenses);
  barOffenders(app, { path: PATH, clients, offenses });
  return { app, origins, clients, offenses };
}

type SubgraphClients = Readonly<Record<SubgraphName, SubgraphClient>>;

function federate(
  file: SupergraphFile,
  reach: Readonly<Record<'subgraphs' | 'commands', SubgraphClients>> & {
    readonly followers: readonly CredentialFollower[];
  },
  parts: Parameters<typeof createFederatedGateway>[2],
): Promise<FederatedGateway> {
  /** A client can use at once what it was answered that it has: an account that it opened. */
  const onMutation = (viewer: Viewer) => {
    if (viewer.kind === 'trader') for (const each of reach.followers) each.lookAgain(viewer.userId);
  };
  const source = (name: SubgraphName) =>
    new SubgraphDataSource(name, {
      ...parts,
      onMutation: name === 'account' ? onMutation : undefined,
      client: reach.subgraphs[name],
      commands: reach.commands[name],
    });
  return file.begin((text) => createFederatedGateway(text, mapSubgraphs(source), parts));
}

async function persistedOperations({
  persistedOperations: { path, isOnly } = { path: undefined, isOnly: false },
}: GatewayServerOptions): Promise<PersistedOperations> {
  return new PersistedOperations(path === undefined ? new Map() : await readManifest(path), isOnly);
}

/** The same work, done once however often it is called. */
function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= work());
}

function mapSubgraphs<Value>(make: (name: SubgraphName) => Value): Record<SubgraphName, Value> {
  return Object.fromEntries(SUBGRAPH_NAMES.map((name) => [name, make(name)])) as Record<
    SubgraphName,
    Value
  >;
}
