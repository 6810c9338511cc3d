import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AccountId } from '#shared/domain/ids.ts';
import { createTestDatabase, type TestDatabase } from '../../../prisma/test-database.ts';
import { NotOwnerError } from '../domain/ports/not-owner-error.ts';
import { MemoryJournalStore, startDesk } from '../engine/test-journal.ts';
import { openOrderStores, type OrderStores } from './open-order-stores.ts';

/** A journal with the lease in PostgreSQL, of a process that may have lost the books without noticing. */
class StoreOfProcess extends MemoryJournalStore {
  readonly #stores: OrderStores;

  constructor(stores: OrderStores) {
    super();
    this.#stores = stores;
  }

  override load() {
    return this.#stores.journal.load(0);
  }

  override commit(changes: Parameters<MemoryJournalStore['commit']>[0]) {
    return this.#stores.journal.commit(changes);
  }
}

let database: TestDatabase;
let first: OrderStores;
let second: OrderStores;
beforeAll(async () => {
  database = await createTestDatabase('order');
  const open = () =>
    openOrderStores({ databaseUrl: database.url, onConnectionError: () => undefined });
  first = open();
  second = open();
});
afterAll(async () => {
  await Promise.all([first.close(), second.close()]);
  await database.drop();
});

it('does not answer from the books if another process may own them by now', async () => {
  await first.lease.take();
  const { safety, journal } = startDesk(new StoreOfProcess(first));
  const filter = { accountId: 'a' as AccountId, symbol: null, side: null };
  expect(await safety.cancelAll(filter)).toEqual([]);
  await expect.poll(() => second.lease.take(), { timeout: 20_000 }).toBe(true);
  await expect(safety.cancelAll(filter)).rejects.toThrow(NotOwnerError);
  expect(journal.state).toBeNull();
});

it('is free if it would last longer than any does, because the clock of the database was set back', async () => {
  await expect.poll(() => first.lease.take(), { timeout: 20_000 }).toBe(true);
  expect(await second.lease.take()).toBe(false);
  await database.sql(`UPDATE owner_leases SET expires_at = now() + interval '1 hour'`);
  expect(await second.lease.take()).toBe(true);
  expect(await first.lease.renew()).toBe(false);
  expect(await first.lease.take()).toBe(false);
});
