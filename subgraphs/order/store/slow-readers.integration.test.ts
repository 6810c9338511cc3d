import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseOrderId, trusted } from '#shared/domain/ids.ts';
import { openTestOrderStores, type TestOrderStores } from './test-order-stores.ts';

/** Several times the number of connections. */
const READERS = 60;

let { stores, sql, close } = {} as TestOrderStores;
beforeAll(async () => {
  ({ stores, sql, close } = await openTestOrderStores());
});
afterAll(() => close());

it('slow readers do not keep the owner of the books from its lease or its outbox', async () => {
  // The table is locked, so that each read takes as long as a statement can.
  await sql('BEGIN');
  await sql('LOCK TABLE prevented_matches IN ACCESS EXCLUSIVE MODE');
  const id = trusted(parseOrderId, 'any');
  const readers = Array.from({ length: READERS }, () =>
    stores.queries.firstPreventedMatches([id], 1).catch(() => 'failed'),
  );
  expect(await stores.lease.renew()).toBe(true);
  expect(await stores.outbox.unsent(1)).toEqual([]);
  await sql('ROLLBACK');
  await Promise.all(readers);
});
