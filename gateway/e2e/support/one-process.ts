import { fileURLToPath } from 'node:url';
import { systemClock } from '#shared/domain/clock.ts';
import { MemoryEventBus } from '#shared/events/memory-event-bus.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { cheapPasswords } from '../../../prisma/account/test-passwords.ts';
import type { StoreName } from '../../../prisma/store-name.ts';
import { createAccountServer } from '../../../subgraphs/account/server.ts';
import { createMarketDataServer } from '../../../subgraphs/market-data/server.ts';
import { createOrderServer } from '../../../subgraphs/order/server.ts';
import { createGatewayServer } from '../../server.ts';
import { makeDeskSecrets } from './desk-secrets.ts';
import type { DeskOptions, StartedDesk } from './harness.ts';

const LOOPBACK = { host: '127.0.0.1', port: 0 };

/** Starts the four servers in this process, on the in-memory bus. */
export async function startInOneProcess(
  databaseUrls: Readonly<Record<StoreName, string>>,
  options: DeskOptions,
): Promise<StartedDesk> {
  const secrets = makeDeskSecrets();
  const bus = new MemoryEventBus();
  const { logger = createLogger({ unit: 'e2e', level: 'fatal' }) } = options;
  const base = { bus, clock: systemClock, logger };
  const account = await createAccountServer({
    ...base,
    databaseUrl: databaseUrls.account,
    passportKeys: secrets.accepted.account,
    accessTokenKey: secrets.accessTokenKey,
    signUp: true,
    passwords: cheapPasswords(),
  });
  const accountUrl = await account.listen(LOOPBACK);
  const marketData = await createMarketDataServer({
    ...base,
    databaseUrl: databaseUrls['market-data'],
    passportKeys: secrets.accepted['market-data'],
    feed: {
      source: options.feed ?? 'sim',
      speed: options.feedSpeed === 'max' ? 'max' : Number(options.feedSpeed ?? '1'),
      loop: false,
      start: options.feedStart ?? 'immediately',
      seed: 1,
    },
    ...(options.maxQuoteAgeMs === undefined ? {} : { maxQuoteAgeMs: options.maxQuoteAgeMs }),
  });
  const marketDataUrl = await marketData.listen(LOOPBACK);
  const order = await createOrderServer({
    ...base,
    databaseUrl: databaseUrls.order,
    passportKeys: secrets.accepted.order,
    account: { url: accountUrl, passportKey: secrets.order.account },
    marketData: { url: marketDataUrl, passportKey: secrets.order['market-data'] },
    house: { spreadBps: options.houseSpreadBps ?? 2, levels: 10, sizePercent: 100, skew: null },
  });
  const orderUrl = await order.listen(LOOPBACK);
  const gateway = await createGatewayServer({
    ...base,
    subgraphs: {
      account: { url: accountUrl, passportKey: secrets.gateway.account },
      'market-data': { url: marketDataUrl, passportKey: secrets.gateway['market-data'] },
      order: { url: orderUrl, passportKey: secrets.gateway.order },
    },
    supergraphPath: fileURLToPath(new URL('../../supergraph.graphql', import.meta.url)),
    anonymousScopes: ['market:read'],
    allowedOrigins: [],
    explorer: true,
    introspection: true,
    metrics: options.metrics,
  });
  return {
    gateway: await gateway.listen(LOOPBACK),
    subgraphs: { account: accountUrl, 'market-data': marketDataUrl, order: orderUrl },
    killAndStart: null,
    crash: null,
    stop: async () => {
      for (const server of [gateway, order, marketData, account]) await server.stop();
      await bus.dispose();
    },
  };
}
