import { afterAll, beforeAll, expect, it } from 'vitest';
import { short } from '../domain/test-books.ts';
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
  const other = books.open();
  const outcomes = await other.ledger.run('tester', [releaseHold('hold', 'alice')]);
  expect(outcomes.map(short)).toEqual(['applied']);
  // Then PostgreSQL counts what the connection did; one that stays open can wait for ten seconds.
  await other.close();
  await expect.poll(changedInPlace).toBe(1);
});
