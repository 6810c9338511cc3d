import { afterAll, beforeAll, expect, it } from 'vitest';
import { sharePostgres } from '#shared/store/postgres-adapter.ts';
import { createTestDatabase, type TestDatabase } from '../../../prisma/test-database.ts';
import { NOW_MS } from '../domain/test-orders.ts';
import { MemoryJournalStore, startDesk } from '../engine/test-journal.ts';
import { limitAt, placer } from '../engine/test-placement.ts';
import { openOrderStores, type OrderStores } from './open-order-stores.ts';

let database: TestDatabase;
let stores: OrderStores;
beforeAll(async () => {
  database = await createTestDatabase('order');
  // Like a PostgreSQL that took the time zone of its machine when it was made.
  await database.sql(`DO $$ BEGIN
    EXECUTE format('ALTER DATABASE %I SET timezone TO ''Asia/Tokyo''', current_database());
  END $$`);
  // What somebody adds to the address must not replace what we need.
  const databaseUrl = `${database.url}?options=-c%20timezone%3DAmerica/New_York`;
  stores = openOrderStores({ databaseUrl, onConnectionError: () => undefined });
  await stores.lease.take();
});
afterAll(async () => {
  await stores.close();
  await database.drop();
});

it('reads the times of orders as they were stored, whatever the time zone of the database', async () => {
  const store = new MemoryJournalStore();
  await placer(startDesk(store), store)('a', 'SELL', '1', limitAt('100'));
  for (const turn of store.storedTurns) await stores.journal.commit(turn);
  const { newestAt, orders } = await stores.journal.load(NOW_MS);
  expect(newestAt).toBe(NOW_MS);
  expect(orders).toEqual([...store.orders.values()]);
  const [kept] = await database.sql<{ ms: string }>(
    'SELECT extract(epoch FROM created_at) * 1000 AS ms FROM orders',
  );
  expect(Number(kept?.ms)).toBe(NOW_MS);
});

it.each(['', '?options=', '?options=-c%20work_mem%3D8MB'])(
  'has our settings whatever is in the address: %s',
  async (added) => {
    const options = { connections: 1, onConnectionError: () => undefined };
    const postgres = sharePostgres({ ...options, databaseUrl: `${database.url}${added}` });
    const rows = await postgres.statements.run({
      text: "SELECT current_setting('timezone') AS zone, current_setting('enable_seqscan') AS scans",
      values: [],
    });
    expect(rows).toEqual([{ zone: 'UTC', scans: 'off' }]);
    await postgres.close();
  },
);
