import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../prisma/test-database.ts';
import { NOW_MS } from '../domain/test-orders.ts';
import { openOrderStores, type OrderStores } from '../store/open-order-stores.ts';
import { startDesk } from './test-journal.ts';
import { limitAt, placer } from './test-placement.ts';
import { StoredJournal } from './test-stored-journal.ts';

describe('an owner of the books whose clock is behind that of the one before', () => {
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

  it('records nothing before what that one has recorded, for whichever account', async () => {
    const store = new StoredJournal(stores);
    const ahead = startDesk(store, { now: () => NOW_MS + 60_000 });
    await placer(ahead, store)('a', 'BUY', '1', limitAt('100'));
    await placer(ahead, store)('b', 'BUY', '1', limitAt('100'));
    const behind = startDesk(store, { now: () => NOW_MS });
    const { createdAt, id } = await placer(behind, store)('b', 'BUY', '1', limitAt('100'));
    expect(createdAt).toBe(NOW_MS + 60_000);
    const [stored] = await stores.queries.ordersById([id]);
    expect(stored?.createdAt).toBe(createdAt);
  });
});
