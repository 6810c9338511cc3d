import { afterAll, beforeAll, expect, it } from 'vitest';
import { deposit, placeHold, releaseHold } from '../domain/test-commands.ts';
import { openTestStores, type TestStores } from './test-stores.ts';

let books: TestStores;
beforeAll(async () => {
  books = await openTestStores();
});
afterAll(() => books.close());

async function changedInPlace(): Promise<number> {
  const [row] = await books.sql<{ changes: string }>(
    "SELECT n_tup_hot_upd AS changes FROM pg_stat_user_tables WHERE relname = 'holds'",
  );
  return Number(row?.changes);
}

it('changes a hold in place, without an entry in any index', async () => {
  await books.addAccount('alice');
  await books.run(deposit('fund', 'alice', '1000'), placeHold('hold', 'alice', '200'));
  expect(await books.run(releaseHold('hold', 'alice'))).toEqual(['applied']);
  // PostgreSQL counts a little later.
  await expect.poll(changedInPlace, { timeout: 10_000 }).toBe(1);
});
