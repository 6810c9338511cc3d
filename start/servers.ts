import { systemClock } from '#shared/domain/clock.ts';
import type { EventBus } from '#shared/events/event-bus.ts';
import { MemoryEventBus } from '#shared/events/memory-event-bus.ts';
import { createLogger } from '#shared/logging/logger.ts';
import type { StoreName } from '../prisma/store-name.ts';
import { feedSettingsOf } from '../subgraphs/market-data/environment.ts';
import { houseOf, messageRateOf, outsidePricerOf, rfqOf } from '../subgraphs/order/environment.ts';
import type { StartEnvironment } from './environment.ts';
import type { DeskSecrets } from './secrets.ts';
import type { Startup, Stoppable } from './startup.ts';

const LOOPBACK = { host: '127.0.0.1', port: 0 };

/** What the servers are built from. */
export interface ServerSettings {
  readonly environment: StartEnvironment;
  readonly secrets: DeskSecrets;
  readonly databaseUrls: Readonly<Record<StoreName, string>>;
}

type Servers = Awaited<ReturnType<typeof importServers>>;

interface Listening extends Stoppable {
  listen(address: typeof LOOPBACK): Promise<string>;
}

/** The servers are most of our code: loading them takes as long as PostgreSQL needs to start. */
export async function importServers() {
  const [account, marketData, order, gateway] = await Promise.all([
    import('../subgraphs/account/server.ts'),
    import('../subgraphs/market-data/server.ts'),
    import('../subgraphs/order/server.ts'),
    import('../gateway/server.ts'),
  ]);
  return { ...account, ...marketData, ...order, ...gateway };
}

/**
 * Starts the subgraphs on free loopback ports and the gateway on its public port.
 * @returns the gateway's origin
 */
export async function startServers(
  servers: Servers,
  settings: ServerSettings,
  startup: Startup,
): Promise<string> {
  const { environment, secrets } = settings;
  const bus = new MemoryEventBus();
  await startup.start(Promise.resolve({ stop: () => bus.dispose() }));
  const urls = await startSubgraphs(servers, settings, startup, bus);
  startup.progress('the subgraphs are running');
  const gateway = servers.createGatewayServer({
    ...commonOptions('gateway', environment),
    bus,
    subgraphs: {
      account: { url: urls.account, passportKey: secrets.gateway.account },
      'market-data': { url: urls['market-data'], passportKey: secrets.gateway['market-data'] },
      order: { url: urls.order, passportKey: secrets.gateway.order },
    },
    anonymousScopes: ['market:read'],
    allowedOrigins: environment.ALLOWED_ORIGINS,
    explorer: true,
    introspection: true,
    quota: quotaOf(environment),
  });
  return startListening(startup, gateway, { host: environment.HOST, port: environment.PORT });
}

async function startSubgraphs(
  servers: Servers,
  { environment, secrets, databaseUrls }: ServerSettings,
  startup: Startup,
  bus: EventBus,
): Promise<Readonly<Record<StoreName, string>>> {
  const common = (name: StoreName) => ({
    ...commonOptions(name, environment),
    bus,
    databaseUrl: databaseUrls[name],
  });
  const startingAccount = servers.createAccountServer({
    ...common('account'),
    passportKeys: [secrets.gateway.account, secrets.order.account],
    accessTokenKey: secrets.accessTokenKey,
    signUp: environment.SIGN_UP,
  });
  const startingMarketData = servers.createMarketDataServer({
    ...common('market-data'),
    passportKeys: [secrets.gateway['market-data'], secrets.order['market-data']],
    feed: feedSettingsOf(environment),
    maxQuoteAgeMs: environment.MAX_QUOTE_AGE_MS,
  });
  const [account, marketData] = await Promise.all([
    startListening(startup, startingAccount),
    startListening(startup, startingMarketData),
  ]);
  const startingOrder = servers.createOrderServer({
    ...common('order'),
    passportKeys: [secrets.gateway.order],
    account: { url: account, passportKey: secrets.order.account },
    marketData: { url: marketData, passportKey: secrets.order['market-data'] },
    house: houseOf(environment),
    messageRate: messageRateOf(environment),
    rfq: rfqOf(environment),
    outsidePricer: outsidePricerOf(environment),
  });
  const order = await startListening(startup, startingOrder);
  return { account, 'market-data': marketData, order };
}

async function startListening(
  startup: Startup,
  creating: Promise<Listening>,
  address = LOOPBACK,
): Promise<string> {
  return (await startup.start(creating)).listen(address);
}

function commonOptions(unit: string, { LOG_LEVEL: level }: StartEnvironment) {
  return { clock: systemClock, logger: createLogger({ unit, level }) };
}

function quotaOf({ COST_PER_MINUTE: costPerMinute }: StartEnvironment) {
  return costPerMinute === 0 ? undefined : { costPerMinute };
}
