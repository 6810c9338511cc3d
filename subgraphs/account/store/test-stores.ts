import { type Clock, systemClock } from '#shared/domain/clock.ts';
import { MemoryEventBus } from '#shared/events/memory-event-bus.ts';
import { seedAccount } from '../../../prisma/account/seed.ts';
import { createTestDatabase } from '../../../prisma/test-database.ts';
import type { AccountKind } from '../domain/account.ts';
import type { LedgerCommand } from '../domain/ledger-command.ts';
import { short } from '../domain/test-books.ts';
import { accountId } from '../domain/test-commands.ts';
import { openAccountStores } from './open-account-stores.ts';

/** A seeded ledger in its own database, which tests can also query by plain SQL. */
export async function openTestStores() {
  const database = await createTestDatabase('account');
  await seedAccount(database.url);
  const bus = new MemoryEventBus();
  const options = { databaseUrl: database.url, onConnectionError: () => {}, bus };
  const open = (clock: Clock = systemClock) => openAccountStores({ ...options, clock });
  const stores = open();
  return {
    databaseUrl: database.url,
    bus,
    stores,
    /** A second process on the same database. */
    open,
    sql: database.sql,
    addAccount: (name: string, kind: AccountKind = 'CLIENT') =>
      stores.provisioning.addAccount({
        ...{ id: accountId(name), name, kind, tradingState: 'ACTIVE', freeze: null },
        closedAtMs: null,
        createdAtMs: systemClock.now(),
      }),
    /** Runs the commands as one call. @returns each outcome in short */
    run: async (...commands: readonly LedgerCommand[]) =>
      (await stores.ledger.run('tester', commands)).map(short),
    close: async () => {
      await stores.close();
      await bus.dispose();
      await database.drop();
    },
  };
}

/** See {@link openTestStores}. */
export type TestStores = Awaited<ReturnType<typeof openTestStores>>;

/** Checks every invariant of the whole ledger by a query for violations. In a sound ledger all lists are empty. */
export async function ledgerFaults({ sql }: TestStores) {
  return {
    sums: await sql('SELECT asset_code FROM balances GROUP BY 1 HAVING sum(total) <> 0'),
    totals: await sql(`
      SELECT b.account_id, b.asset_code FROM balances b
      LEFT JOIN ledger_entries e USING (account_id, asset_code)
      GROUP BY 1, 2, b.total HAVING b.total <> coalesce(sum(e.change), 0)`),
    locked: await sql(`
      SELECT b.account_id, b.asset_code FROM balances b
      LEFT JOIN holds h
        ON h.account_id = b.account_id AND h.asset_code = b.asset_code AND h.status = 'PLACED'
      GROUP BY 1, 2, b.locked
      HAVING b.locked <> coalesce(sum(h.placed - h.settled - h.released), 0)`),
    chains: await sql(`
      SELECT * FROM (
        SELECT account_id, sequence, balance_after - change AS before,
          lag(balance_after, 1, 0::numeric)
            OVER (PARTITION BY account_id, asset_code ORDER BY sequence) AS expected
        FROM ledger_entries) e WHERE before <> expected`),
    gaps: await sql(`
      SELECT id FROM accounts a
      WHERE entry_sequence <> (SELECT count(*) FROM ledger_entries WHERE account_id = a.id)
        OR balance_sequence <> (SELECT count(*) FROM balance_events WHERE account_id = a.id)
        OR balance_sequence <>
          (SELECT coalesce(max(sequence), 0) FROM balance_events WHERE account_id = a.id)`),
    transfers: await sql(`
      SELECT transfer_id FROM ledger_entries GROUP BY 1 HAVING sum(change) <> 0 OR count(*) <> 2`),
  };
}

/** The result of {@link ledgerFaults} in a sound ledger. */
export const NO_FAULTS = { sums: [], totals: [], locked: [], chains: [], gaps: [], transfers: [] };
