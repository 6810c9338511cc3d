import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../prisma/test-database.ts';
import { NO_INSTRUCTIONS } from '../domain/order-instructions.ts';
import { openOrderStores, type OrderStores } from '../store/open-order-stores.ts';
import { startDesk } from './test-journal.ts';
import { limitAt, placer } from './test-placement.ts';
import { StoredJournal } from './test-stored-journal.ts';

let database: TestDatabase;
let stores: OrderStores;
beforeAll(async () => {
  database = await createTestDatabase('order');
  stores = openOrderStores({ databaseUrl: database.url, onConnectionError: () => undefined });
  await stores.lease.take();
});
afterAll(async () => {
  await stores.close();
  await database.drop();
});

it('stores that an order is guarded by a connection no more', async () => {
  const store = new StoredJournal(stores);
  const desk = startDesk(store);
  const guardConnectionId = 'c';
  const { id } = await placer(desk, store)('a', 'BUY', '1', limitAt('99'), {
    instructions: { ...NO_INSTRUCTIONS, postOnly: 'REJECT', guardConnectionId },
  });
  const instructions = async () => (await stores.queries.ordersById([id]))[0]?.instructions;
  expect(await instructions()).toMatchObject({ guardConnectionId });
  await desk.safety.guardConnections([{ connectionId: guardConnectionId, lifeMs: null }]);
  expect(await instructions()).toEqual({ ...NO_INSTRUCTIONS, postOnly: 'REJECT' });
});
