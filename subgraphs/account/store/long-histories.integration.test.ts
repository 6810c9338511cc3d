import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '#shared/domain/clock.ts';
import { parseAssetCode, parseUserId, trusted } from '#shared/domain/ids.ts';
import { rowsRead, statementOf, statementsOf } from '../../../prisma/test-rows-read.ts';
import type { EntryPageKey } from '../domain/entry-reads.ts';
import {
  accountId,
  deposit,
  settleTrade,
  side,
  transfer,
  withdraw,
} from '../domain/test-commands.ts';
import type { AccountClient } from './account-client.ts';
import { AccountStore } from './account-store.ts';
import { EntryStore } from './entry-store.ts';
import { UserTransactions } from './user-transactions.ts';
import { PostgresAuditStore } from './audit-store.ts';
import { StatementStore } from './statement-store.ts';
import { openTestStores, type TestStores } from './test-stores.ts';

let books: TestStores;
beforeAll(async () => {
  books = await openTestStores();
});
afterAll(() => books.close());

describe('balances at an instant', () => {
  it('are the last ones written, even if the clock was set back in between', async () => {
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

  it('cost one lookup for each asset, however long the history of the others', async () => {
    await books.addAccount('busy');
    await books.run(deposit('one', 'busy', '1', 'BTC'), deposit('two', 'busy', '7'));
    // A trade changes two assets, and the long history after it only one of them.
    await books.sql(`
      INSERT INTO balance_events
      SELECT 'busy', n, jsonb_build_object('balances', '[{"asset": "USDT", "total": "8"}]'::jsonb
        || CASE WHEN n = 10 THEN '[{"asset": "BTC", "total": "2"}]'::jsonb ELSE '[]' END),
        now() + n * interval '1 ms'
      FROM generate_series(10, 20000) n`);
    await books.sql('ANALYZE balance_events');
    const key = { accountId: accountId('busy'), atMs: systemClock.now() + 3_600_000 };
    const statement = await statementOf((listening: AccountClient) =>
      new AccountStore(listening, books.stores.ledger).balancesAt([key]),
    );
    // There are few balances here, and all may be read; of the events only the last one in each position.
    expect(await rowsRead(books, statement)).toBeLessThan(200);
    expect(await books.stores.accounts.balancesAt([key])).toMatchObject([
      [
        { asset: 'BTC', total: '2' },
        { asset: 'USDT', total: '8' },
      ],
    ]);
  });
});

describe('a page of ledger entries', () => {
  it('costs only its own rows, even for a rare asset and long ago', async () => {
    await books.sql(`
      INSERT INTO ledger_entries
      SELECT 'long', n, 'TRADE', CASE WHEN n % 2 = 0 THEN 'BTC' ELSE 'USDT' END, 1, 1, 't' || n,
        NULL, NULL, to_timestamp(n)
      FROM generate_series(1, 20000) n`);
    await books.sql('ANALYZE ledger_entries');
    const period = { from: null, to: null };
    const page = {
      accountId: accountId('long'),
      omitsTrades: false,
      before: null,
      period,
      limit: 51,
    };
    for (const key of [
      { ...page, asset: null },
      { ...page, asset: null, before: 100n },
      { ...page, asset: trusted(parseAssetCode, 'ETH') },
      { ...page, asset: trusted(parseAssetCode, 'BTC'), before: 100n },
      { ...page, asset: null, period: { from: 100_000, to: 200_000 } },
      { ...page, asset: trusted(parseAssetCode, 'BTC'), period: { from: 100_000, to: null } },
      { ...page, asset: null, omitsTrades: true },
      { ...page, asset: trusted(parseAssetCode, 'BTC'), omitsTrades: true },
    ]) {
      const statement = await statementOf((listening: AccountClient) =>
        new EntryStore(listening, books.stores.ledger).pages([key]),
      );
      expect(await rowsRead(books, statement)).toBeLessThan(200);
    }
  });
});

describe('entries without those of trades', () => {
  it('are the movements of money, in all assets or one, page by page', async () => {
    for (const name of ['mover', 'other']) await books.addAccount(name);
    await books.run(
      deposit('moved-1', 'mover', '100'),
      deposit('moved-2', 'other', '1', 'BTC'),
      settleTrade('moved-3', {
        ...{ quantity: '1', cost: '50' },
        ...{ buyer: side('mover', { fee: '0.5' }), seller: side('other', { fee: '0.5' }) },
      }),
      transfer('moved-4', 'mover', 'other', '10'),
      withdraw('moved-5', 'mover', '1'),
      deposit('moved-6', 'mover', '2', 'BTC'),
    );
    const idsOf = async (key: Partial<EntryPageKey>) => {
      const everything = { from: null, to: null };
      const page = { accountId: accountId('mover'), asset: null, omitsTrades: true, before: null };
      const [entries = []] = await books.stores.entries.pages([
        { ...page, period: everything, limit: 10, ...key },
      ]);
      return entries.map(({ entry }) => entry.transferId);
    };
    expect(await idsOf({})).toEqual(['moved-6', 'moved-5', 'moved-4', 'moved-1']);
    expect(await idsOf({ limit: 2 })).toEqual(['moved-6', 'moved-5']);
    expect(await idsOf({ asset: trusted(parseAssetCode, 'BTC') })).toEqual(['moved-6']);
    expect((await idsOf({ omitsTrades: false })).length).toBe(7);
  });
});

describe('a statement', () => {
  const key = { accountId: accountId('stated'), period: { from: 100_000, to: 200_000 } };

  it('reads the entries of its period and two balances for each asset, however long the history', async () => {
    await books.addAccount('stated');
    await books.run(deposit('stated-1', 'stated', '1', 'BTC'), deposit('stated-2', 'stated', '1'));
    await books.sql(`
      INSERT INTO ledger_entries
      SELECT 'stated', n, 'TRADE', CASE WHEN n % 2 = 0 THEN 'BTC' ELSE 'USDT' END, 1, n / 2, 's' || n,
        NULL, NULL, to_timestamp(n)
      FROM generate_series(3, 20000) n`);
    await books.sql('ANALYZE ledger_entries');
    const [spans] = await statementsOf((listening: AccountClient) =>
      new StatementStore(listening, books.stores.ledger).spans([key]),
    );
    if (spans === undefined) throw new Error('Nothing was read.');
    expect(await rowsRead(books, spans)).toBeLessThanOrEqual(3);
    const [span] = await books.stores.statements.spans([key]);
    expect(span).toEqual({ accountId: key.accountId, first: 100n, below: 200n });
    const both = await statementsOf((listening: AccountClient) =>
      new StatementStore(listening, books.stores.ledger).assets(span === undefined ? [] : [span]),
    );
    expect(both).toHaveLength(2);
    const read = await Promise.all(both.map((statement) => rowsRead(books, statement)));
    // There are few balances and assets here, and all may be read; of the entries only two for each asset.
    expect(read[0]).toBeLessThan(100);
    expect(read[1]).toBe(100);
  });
});

describe('a page of an audit trail', () => {
  it('costs only its own rows, however old its period', async () => {
    await books.sql(
      `INSERT INTO users (id, name, email, created_at) VALUES ('usr-long', 'Long', 'long@example.test', now())`,
    );
    await books.sql(`
      INSERT INTO audit_entries (user_id, sequence, action, previous_hash, hash, at)
      SELECT 'usr-long', n, 'SIGNED_IN', repeat('0', 64), repeat('0', 64), to_timestamp(n)
      FROM generate_series(1, 20000) n`);
    await books.sql('ANALYZE audit_entries');
    const ever = { from: null, to: null };
    for (const [page, rows] of [
      [{ before: null, period: ever }, 51],
      [{ before: 100n, period: ever }, 51],
      [{ before: null, period: { from: 100_000, to: 110_000 } }, 10 + 2],
      [{ before: 105n, period: { from: 100_000, to: 110_000 } }, 5 + 2],
      [{ before: null, period: { from: 1_000_000, to: null } }, 51 + 1],
      [{ before: null, period: { from: 30_000_000, to: null } }, 0],
    ] as const) {
      const statement = await statementOf((listening: AccountClient) =>
        new PostgresAuditStore(listening, new UserTransactions(listening)).entriesOf(
          trusted(parseUserId, 'usr-long'),
          {
            ...page,
            limit: 51,
          },
        ),
      );
      expect(await rowsRead(books, statement)).toBe(rows);
    }
  });
});

describe('an asset that is added while the ledger runs', () => {
  it('is known to the next command, even for an account in memory', async () => {
    await books.addAccount('new-asset');
    expect(await books.run(deposit('warm', 'new-asset', '1'))).toEqual(['applied']);
    await books.sql(`INSERT INTO assets (code, scale) VALUES ('NEWC', 8)`);
    expect(await books.run(deposit('new', 'new-asset', '1', 'NEWC'))).toEqual(['applied']);
    expect(await books.run(deposit('none', 'new-asset', '1', 'NONE'))).not.toEqual(['applied']);
  });
});

// The last test, because it leaves the desk's own accounts ahead of the clock.
describe('the last entry written', () => {
  it('also has the latest time, even if the clock of its process is behind', async () => {
    await books.addAccount('shared');
    const now = systemClock.now() + 60_000;
    const ahead = books.open({ now: () => now });
    const behind = books.open({ now: () => now - 60_000 });
    await behind.ledger.run('tester', [deposit('third', 'shared', '1')]);
    await ahead.ledger.run('tester', [deposit('fourth', 'shared', '2')]);
    await behind.ledger.run('tester', [deposit('fifth', 'shared', '4')]);
    const owner = accountId('shared');
    expect(await behind.accounts.balancesAt([{ accountId: owner, atMs: now }])).toMatchObject([
      [{ asset: 'USDT', total: '7.00000000' }],
    ]);
    const page = { accountId: owner, asset: null, omitsTrades: false, before: null, limit: 10 };
    const since = await behind.entries.pages([{ ...page, period: { from: now, to: null } }]);
    expect(since[0]?.map(({ entry }) => entry.atMs)).toEqual([now, now]);
    await Promise.all([ahead.close(), behind.close()]);
  });
});
