// What is read about the past while the ledger stores something with a time in that past.
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readStatements } from '../domain/account-statement.ts';
import { accountId, deposit } from '../domain/test-commands.ts';
import { openTestStores, type TestStores } from './test-stores.ts';

const START = Date.UTC(2030, 0, 1);
const END = START + 5;
/** Far longer than any of the reads takes if nothing holds it up. */
const LONG_ENOUGH_MS = 300;

let books: TestStores;
beforeAll(async () => {
  books = await openTestStores();
  await books.addAccount('alice');
});
afterAll(() => books.close());

it('shows of a period that is over what is just being stored, so that the next one begins with it', async () => {
  let now = START;
  const { ledger, statements, accounts, entries, close } = books.open({ now: () => now });
  const period = { from: null, to: END };
  const page = { asset: null, omitsTrades: false, before: null, limit: 10 };
  const key = { accountId: accountId('alice'), period };
  const read = async () => ({
    statement: await readStatements(statements, [key]),
    balances: await accounts.balancesAt([{ accountId: key.accountId, atMs: END }]),
    entries: await entries.pages([{ ...key, ...page }]),
  });
  await ledger.run('tester', [deposit('first', 'alice', '1')]);
  await books.sql('BEGIN');
  await books.sql(`SELECT FROM accounts WHERE id = 'alice' FOR UPDATE`);
  const moved = ledger.run('tester', [deposit('second', 'alice', '2')]);
  const waiting = () =>
    books.sql(
      `SELECT pid FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
  await expect.poll(waiting).toHaveLength(1);
  now = END + 1;
  const early = read();
  await Promise.race([early, pause(LONG_ENOUGH_MS)]);
  await books.sql('COMMIT');
  await moved;
  const late = await read();
  expect(late.statement).toMatchObject([{ kind: 'statement', entryCount: 2 }]);
  expect(await early).toEqual(late);
  await close();
});
