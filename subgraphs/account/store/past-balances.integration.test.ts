import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '#shared/domain/clock.ts';
import { rowsRead, statementOf } from '../../../prisma/test-rows-read.ts';
import { accountId, deposit } from '../domain/test-commands.ts';
import type { AccountClient } from './account-client.ts';
import { AccountStore } from './account-store.ts';
import { openTestStores, type TestStores } from './test-stores.ts';

let books: TestStores;
let client: pg.Client;
beforeAll(async () => {
  books = await openTestStores();
  client = new pg.Client({ connectionString: books.databaseUrl });
  client.on('error', () => undefined);
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await books.close();
});

describe('balances at an instant', () => {
  it('are those written last, though the clock was set back between', async () => {
    await books.addAccount('early');
    let now = systemClock.now();
    const { ledger, accounts, close } = books.open({ now: () => now });
    await ledger.run('tester', [deposit('first', 'early', '1')]);
    now -= 60_000;
    await ledger.run('tester', [deposit('second', 'early', '2')]);
    const key = { accountId: accountId('early'), atMs: now + 60_000 };
    expect(await accounts.balancesAt([key])).toMatchObject([
      [{ asset: 'USDT', total: '3.00000000' }],
    ]);
    await close();
  });

  it('cost one look for each asset, however much happened to the others', async () => {
    await books.addAccount('busy');
    await books.run(deposit('one', 'busy', '1', 'BTC'), deposit('two', 'busy', '7'));
    // A trade touches two assets, and a long history after it only one of them.
    await books.sql(`
      INSERT INTO balance_events
      SELECT 'busy', n, jsonb_build_object('balances', '[{"asset": "USDT", "total": "8"}]'::jsonb
        || CASE WHEN n = 10 THEN '[{"asset": "BTC", "total": "2"}]'::jsonb ELSE '[]' END),
        now() + n * interval '1 ms'
      FROM generate_series(10, 20000) n`);
    await books.sql('ANALYZE balance_events');
    const key = { accountId: accountId('busy'), atMs: systemClock.now() + 3_600_000 };
    const statement = await statementOf((listening: AccountClient) =>
      new AccountStore(listening).balancesAt([key]),
    );
    // Balances are few here, and may all be looked at; of the events it is a last one by either place.
    expect(await rowsRead(client, statement)).toBeLessThan(200);
    expect(await books.stores.accounts.balancesAt([key])).toMatchObject([
      [
        { asset: 'BTC', total: '2' },
        { asset: 'USDT', total: '8' },
      ],
    ]);
  });
});
