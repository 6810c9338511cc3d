// No server starts on a database of another version: it would look well, and fail or forget something while it trades.
import { generateKeyPairSync } from 'node:crypto';
import pg from 'pg';
import { expect, it } from 'vitest';
import { systemClock } from '#shared/domain/clock.ts';
import { MemoryEventBus } from '#shared/events/memory-event-bus.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { migrationNames } from '#shared/store/store-version.ts';
import { createAccountServer } from '../subgraphs/account/server.ts';
import { createMarketDataServer } from '../subgraphs/market-data/server.ts';
import { createOrderServer } from '../subgraphs/order/server.ts';
import { addMember } from './account/add-member.ts';
import { importCandleFiles } from './import/import-candle-files.ts';
import { migrate } from './migrate.ts';
import type { StoreName } from './store-name.ts';
import { createTestDatabase } from './test-database.ts';

const common = {
  bus: new MemoryEventBus(),
  clock: systemClock,
  logger: createLogger({ unit: 'test', level: 'silent' }),
  passportKeys: [],
};
const nowhere = { url: 'http://127.0.0.1:1', passportKey: { kid: 'order.1', secret: 'none' } };
const { privateKey } = generateKeyPairSync('ed25519');
const accessTokenKey = JSON.stringify(privateKey.export({ format: 'jwk' }));

const START: Readonly<Record<StoreName, (databaseUrl: string) => Promise<unknown>>> = {
  account: (databaseUrl) => createAccountServer({ ...common, databaseUrl, accessTokenKey }),
  'market-data': (databaseUrl) =>
    createMarketDataServer({
      ...common,
      databaseUrl,
      feed: { source: 'sim', speed: 1, loop: false, start: 'first-subscription', seed: 1 },
    }),
  order: (databaseUrl) =>
    createOrderServer({
      ...common,
      databaseUrl,
      account: nowhere,
      marketData: nowhere,
      house: { spreadBps: 2, levels: 10, sizePercent: 100, skew: null },
    }),
};

/** What a person runs on the store beside its servers; nothing writes to that of orders. */
const COMMANDS: Readonly<Record<StoreName, (databaseUrl: string) => Promise<unknown>>> = {
  account: (databaseUrl) =>
    addMember(databaseUrl, { userId: 'usr-demo', accountId: 'house', role: 'OWNER' }),
  'market-data': (databaseUrl) => importCandleFiles([], databaseUrl, { again: false }),
  order: START.order,
};

it('a server and the migration that are given the address of another store say which one it is', async () => {
  const database = await createTestDatabase('account');
  const reason = 'The order database is that of account: correct its address.';
  await expect(START.order(database.url)).rejects.toThrow(reason);
  await expect(migrate('order', database.url)).rejects.toThrow(reason);
  await database.drop();
});

it.each(Object.keys(START) as StoreName[])('%s', async (store) => {
  const database = await createTestDatabase(store);
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const newest = (await migrationNames(store)).at(-1) ?? '';
  const rename = (from: string, to: string) =>
    client.query('UPDATE _prisma_migrations SET migration_name = $2 WHERE migration_name = $1', [
      from,
      to,
    ]);
  await rename(newest, '29991231235959_newer');
  await expect(COMMANDS[store](database.url)).rejects.toThrow(
    `The ${store} database was migrated by a newer version (29991231235959_newer)`,
  );
  await expect(START[store](database.url)).rejects.toThrow(
    `The ${store} database was migrated by a newer version (29991231235959_newer)`,
  );
  await client.query(`DELETE FROM _prisma_migrations WHERE migration_name LIKE '2999%'`);
  await expect(START[store](database.url)).rejects.toThrow(
    `The ${store} database lacks migrations, from ${newest} on: stop its servers and run npm run migrate -- ${store}.`,
  );
  await client.end();
  await database.drop();
});
