import { generateKeyPairSync } from 'node:crypto';
import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { systemClock } from '#shared/domain/clock.ts';
import type { AccountId, InstrumentSymbol } from '#shared/domain/ids.ts';
import { MemoryEventBus } from '#shared/events/memory-event-bus.ts';
import type { MarketDepth } from '#shared/events/topics.ts';
import { operationBody } from '#shared/identity/operation-body.ts';
import { signPassport } from '#shared/identity/passport.ts';
import type { Viewer } from '#shared/identity/viewer.ts';
import { createLogger } from '#shared/logging/logger.ts';
import type { SubgraphServer } from '#shared/subgraph/create-subgraph-server.ts';
import { SubgraphClient } from '#shared/subgraph/subgraph-client.ts';
import { seedAccount } from '../../prisma/account/seed.ts';
import { TraderSeeds } from '../../prisma/account/test-seed-trader.ts';
import { seedMarketData } from '../../prisma/market-data/seed.ts';
import { createTestDatabase, type TestDatabase } from '../../prisma/test-database.ts';
import { createAccountServer } from '../account/server.ts';
import { createMarketDataServer } from '../market-data/server.ts';
import { createOrderServer, type OrderServerOptions } from './server.ts';
import { TestTrader, traderViewer } from './test-trader.ts';

const SECRET = 'a secret for tests that is long enough';
const GATEWAY_KEY = { kid: 'gateway.1', secret: SECRET };
const ORDER_KEY = { kid: 'order.1', secret: SECRET };
const KEYS = [GATEWAY_KEY, ORDER_KEY];
const ACCESS_TOKEN_KEY = JSON.stringify(
  generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }),
);
const base = { clock: systemClock, logger: createLogger({ unit: 'test', level: 'silent' }) };

/** An answer as the gateway sees it. */
export interface Answer<Data> {
  readonly data: Data;
  readonly errors?: readonly { readonly message: string; readonly extensions: { code: string } }[];
}

/** A listening server that can be stopped and started again at its address. */
class Restartable {
  readonly #create: () => Promise<SubgraphServer>;
  #server: SubgraphServer | null = null;
  #url = '';

  constructor(create: () => Promise<SubgraphServer>) {
    this.#create = create;
  }

  get url(): string {
    return this.#url;
  }

  async start(): Promise<void> {
    this.#server = await this.#create();
    const port = this.#url === '' ? 0 : Number(new URL(this.#url).port);
    this.#url = await this.#server.listen({ host: '127.0.0.1', port });
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    await server?.stop();
  }
}

/** What of the order server a test chooses. */
export type TestDeskOptions = Partial<
  Pick<
    OrderServerOptions,
    'bus' | 'house' | 'logger' | 'messageRate' | 'metrics' | 'outsidePricer' | 'rfq'
  >
>;

/** The three real subgraphs on stores of their own, and a market that the test makes. */
export class TestDesk {
  readonly bus = new MemoryEventBus();
  readonly account: Restartable;
  readonly order: Restartable;
  readonly databases: Readonly<Record<'account' | 'order', TestDatabase>>;
  readonly #marketData: Restartable;
  readonly #dropAll: () => Promise<void>;
  readonly #seeds: TraderSeeds;
  readonly #sockets = new Set<Client>();
  #orderClient: SubgraphClient | null = null;
  #accountClient: SubgraphClient | null = null;
  #depths = 0;
  #traders = 0;

  /** Use {@link startTestDesk}. */
  constructor(
    databases: Readonly<Record<'account' | 'market-data' | 'order', TestDatabase>>,
    options: TestDeskOptions,
  ) {
    this.databases = databases;
    this.#seeds = new TraderSeeds(databases.account.url);
    this.#dropAll = async () => {
      await Promise.all(Object.values(databases).map((database) => database.drop()));
    };
    const { bus } = this;
    const common = { ...base, passportKeys: KEYS };
    this.account = new Restartable(() =>
      createAccountServer({
        ...common,
        databaseUrl: databases.account.url,
        bus,
        accessTokenKey: ACCESS_TOKEN_KEY,
      }),
    );
    this.#marketData = new Restartable(() =>
      createMarketDataServer({
        ...common,
        databaseUrl: databases['market-data'].url,
        // Its own prices stay on a bus of its own: the test makes the market.
        bus: new MemoryEventBus(),
        // Longer than a test takes: the times of the test's market are a little ahead.
        maxQuoteAgeMs: 600_000,
        feed: { source: 'sim', speed: 1, loop: false, start: 'first-subscription', seed: 1 },
      }),
    );
    this.order = new Restartable(() =>
      createOrderServer({
        ...common,
        databaseUrl: databases.order.url,
        bus,
        account: { url: this.account.url, passportKey: ORDER_KEY },
        marketData: { url: this.#marketData.url, passportKey: ORDER_KEY },
        house: { spreadBps: 0, levels: 10, sizePercent: 100, skew: null },
        ...options,
      }),
    );
  }

  async start(): Promise<void> {
    await this.account.start();
    await this.#marketData.start();
    await this.order.start();
    this.#orderClient = new SubgraphClient(
      { name: 'order', url: this.order.url, passportKey: GATEWAY_KEY },
      systemClock,
    );
    this.#accountClient = new SubgraphClient(
      { name: 'account', url: this.account.url, passportKey: GATEWAY_KEY },
      systemClock,
    );
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) await socket.dispose();
    await this.#orderClient?.close();
    await this.#accountClient?.close();
    for (const server of [this.order, this.#marketData, this.account]) await server.stop();
    await this.bus.dispose();
    await this.#seeds.close();
    await this.#dropAll();
  }

  /** What an order process of its own reads from its environment to work on this desk. */
  orderVariables(port: number): Readonly<Record<string, string>> {
    const text = ({ kid, secret }: typeof ORDER_KEY) => `${kid}=${secret}`;
    return {
      PORT: String(port),
      DATABASE_URL: this.databases.order.url,
      PASSPORT_KEYS: KEYS.map(text).join(','),
      ACCOUNT_URL: this.account.url,
      ACCOUNT_PASSPORT_KEY: text(ORDER_KEY),
      MARKET_DATA_URL: this.#marketData.url,
      MARKET_DATA_PASSPORT_KEY: text(ORDER_KEY),
    };
  }

  /** A client of an order process at that origin, as the gateway is one. */
  clientOf(url: string): SubgraphClient {
    return new SubgraphClient({ name: 'order', url, passportKey: GATEWAY_KEY }, systemClock);
  }

  /** A new client, funded through the ledger: `aTrader({ USDT: '1000' })`. */
  async aTrader(balances: Readonly<Record<string, string>> = {}): Promise<TestTrader> {
    const name = `trader-${(this.#traders += 1)}`;
    const { accountId } = await this.#seeds.add({ name, balances });
    return new TestTrader(this, accountId);
  }

  /** Asks the order subgraph in someone's name. */
  async query<Data>(
    query: string,
    variables: Readonly<Record<string, unknown>>,
    viewer: Viewer,
  ): Promise<Answer<Data>> {
    const request = { query, variables, viewer, requestId: 'test', timeoutMs: 10_000 };
    return (await this.#orderClient?.request(request)) as Answer<Data>;
  }

  /** `total/locked/free` by asset, without trailing zeros. */
  async balances(accountId: AccountId): Promise<Record<string, string>> {
    const answer = (await this.#accountClient?.request({
      query: BALANCES,
      variables: { accountId },
      viewer: traderViewer([accountId]),
      requestId: 'test',
      timeoutMs: 10_000,
    })) as Answer<{ account: { balances: readonly BalanceView[] } }>;
    return Object.fromEntries(
      answer.data.account.balances.map(({ asset, ...balance }) => [
        asset.code,
        [balance.total, balance.locked, balance.free].map(withoutZeros).join('/'),
      ]),
    );
  }

  /** Opens a subscription of the order subgraph, as the gateway does. */
  subscribe<Data>(query: string, variables: Readonly<Record<string, unknown>>, viewer: Viewer) {
    const socket = createClient({
      url: `${this.order.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
    });
    this.#sockets.add(socket);
    const body = operationBody(query, variables);
    const key = { audience: 'order', key: GATEWAY_KEY, clock: systemClock } as const;
    const passport = signPassport({ viewer, body, ...key });
    return socket.iterate<Data>({ query, variables, extensions: { passport } });
  }

  /** Makes the market, from the near future, so that it stays fresh as long as a test takes: the house follows it at once. */
  quote(
    market: Partial<Pick<MarketDepth, 'bids' | 'asks' | 'receivedAtMs' | 'suspended' | 'status'>>,
  ): void {
    this.bus.publish('market.depth', {
      symbol: 'BTC-USDT' as InstrumentSymbol,
      sequence: String((this.#depths += 1)),
      bids: [],
      asks: [],
      receivedAtMs: Date.now() + 60_000,
      suspended: false,
      status: 'TRADING',
      ...market,
    });
  }
}

interface BalanceView {
  readonly asset: { readonly code: string };
  readonly total: string;
  readonly locked: string;
  readonly free: string;
}

const BALANCES = /* GraphQL */ `
  query ($accountId: ID!) {
    account(id: $accountId) {
      balances {
        asset {
          code
        }
        total
        locked
        free
      }
    }
  }
`;

function withoutZeros(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
}

/** Starts a desk; `stop()` ends its servers and drops its databases. */
export async function startTestDesk(options: TestDeskOptions = {}): Promise<TestDesk> {
  const [account, marketData, order] = await Promise.all([
    createTestDatabase('account'),
    createTestDatabase('market-data'),
    createTestDatabase('order'),
  ]);
  await Promise.all([seedAccount(account.url), seedMarketData(marketData.url)]);
  const desk = new TestDesk({ account, 'market-data': marketData, order }, options);
  await desk.start();
  return desk;
}

/** Asks until the answer is as expected, or throws how it was after a while. */
export async function until<Value>(
  read: () => Value | Promise<Value>,
  isExpected: (value: Value) => boolean,
  limitMs = 20_000,
): Promise<Value> {
  for (const deadline = Date.now() + limitMs; ;) {
    const value = await read();
    if (isExpected(value)) return value;
    if (Date.now() > deadline)
      throw new Error(`It stayed ${JSON.stringify(value)} for ${limitMs} ms.`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
