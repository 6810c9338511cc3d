import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { systemClock } from '#shared/domain/clock.ts';
import { MemoryEventBus } from '#shared/events/memory-event-bus.ts';
import { operationBody } from '#shared/identity/operation-body.ts';
import { signPassport } from '#shared/identity/passport.ts';
import type { Scope, Viewer } from '#shared/identity/viewer.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { SubgraphClient } from '#shared/subgraph/subgraph-client.ts';
import { seedMarketData } from '../../prisma/market-data/seed.ts';
import { createTestDatabase } from '../../prisma/test-database.ts';
import type { FeedSettings } from './feed/feed-settings.ts';
import { createMarketDataServer, type MarketDataServerOptions } from './server.ts';

const GATEWAY_KEY = { kid: 'gateway.1', secret: 'a secret for tests that is long enough' };

/** Somebody without a credential, who may do what these scopes say. */
export function anonymous(scopes: readonly Scope[] = ['market:read']): Viewer {
  return { kind: 'anonymous', scopes };
}

/** A quiet feed: nothing moves until somebody subscribes. */
export const QUIET_SIM: FeedSettings = {
  source: 'sim',
  speed: 1,
  loop: false,
  start: 'first-subscription',
  seed: 1,
};

/** The settings of a test server on this database. */
export function testOptions(databaseUrl: string, feed: FeedSettings): MarketDataServerOptions {
  return {
    databaseUrl,
    bus: new MemoryEventBus(),
    passportKeys: [GATEWAY_KEY],
    feed,
    clock: systemClock,
    logger: createLogger({ unit: 'test', level: 'fatal' }),
  };
}

/** What a subscriber receives. */
interface StreamResult<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly unknown[];
}

/** A seeded database of one test file. */
export async function createSeededDatabase() {
  const database = await createTestDatabase('market-data');
  await seedMarketData(database.url);
  return database;
}

/** A listening server with clients that speak to it as the gateway does. */
export async function startTestServer(options: MarketDataServerOptions) {
  const server = await createMarketDataServer(options);
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  const address = { name: 'market-data', url, passportKey: GATEWAY_KEY } as const;
  const client = new SubgraphClient(address, systemClock);
  const sockets = new Set<Client>();
  return {
    server,
    url,
    query: <Data>(query: string, variables = {}, viewer: Viewer = anonymous()) =>
      client.request({
        query,
        variables,
        viewer,
        requestId: 'test',
        timeoutMs: 10_000,
      }) as Promise<{
        data: Data;
        errors?: readonly { message: string; extensions: { code: string } }[];
      }>,
    subscribe: <Data>(query: string, variables = {}, viewer: Viewer = anonymous()) => {
      const socket = createClient({
        url: `${url.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        retryAttempts: 0,
      });
      sockets.add(socket);
      const body = operationBody(query, variables);
      const passport = signPassport({
        viewer,
        audience: 'market-data',
        key: GATEWAY_KEY,
        body,
        clock: systemClock,
      });
      const payload = { query, variables, extensions: { passport } };
      return socket.iterate<Data>(payload) as AsyncIterableIterator<StreamResult<Data>, undefined>;
    },
    stop: async () => {
      for (const socket of sockets) await socket.dispose();
      await client.close();
      await server.stop();
    },
  };
}

/** Waits for a condition; never longer than it takes. @throws Error after the limit, 10 s if omitted */
export async function until(
  condition: () => boolean | Promise<boolean>,
  limitMs = 20_000,
): Promise<void> {
  for (const deadline = Date.now() + limitMs; !(await condition());) {
    if (Date.now() > deadline)
      throw new Error(`The condition did not come true in ${limitMs / 1000} s.`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
