// An account that is closed while others write to the ledger, also from other processes.
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seedTrader } from '../../../prisma/account/test-seed-trader.ts';
import { short } from '../domain/test-books.ts';
import { deposit, placeHold, releaseHold, withdraw } from '../domain/test-commands.ts';
import type { AuditRecord } from '../identity/audit/audit-record.ts';
import { ledgerFaults, NO_FAULTS, openTestStores, type TestStores } from './test-stores.ts';

let opened: TestStores;
let names = 0;
beforeAll(async () => {
  opened = await openTestStores();
});
afterAll(() => opened.close());

/** An owner's account, and what closes it. */
async function anAccount({ isDesk = false } = {}) {
  const { userId, accountId } = await seedTrader(opened.databaseUrl, {
    ...{ name: `owner-${(names += 1)}`, balances: {}, isDesk },
  });
  const record = (action: AuditRecord['action'], atMs = Date.now()): AuditRecord => ({
    ...{ userId, action, subjectId: accountId, atMs },
    ...{ apiKeyId: null, sessionId: null, origin: null },
  });
  const close = async (atMs?: number) =>
    (await opened.stores.closures.close(accountId, record('ACCOUNT_CLOSED', atMs))).kind;
  return { accountId, record, close };
}

async function rowOf(accountId: string) {
  const [row] = await opened.sql<{ is_closed: boolean; total: string; locked: string }>(
    `SELECT closed_at IS NOT NULL AS is_closed,
      coalesce(sum(total), 0)::float8::text AS total, coalesce(sum(locked), 0)::float8::text AS locked
    FROM accounts a LEFT JOIN balances b ON b.account_id = a.id WHERE a.id = $1 GROUP BY a.id`,
    [accountId],
  );
  return row;
}

/**
 * Locks an account's row while `begin` lets others queue for it, in an order that it makes sure of.
 * @param begin is given what waits until so many are waiting
 */
async function queued<Begun>(
  accountId: string,
  begin: (waiting: (count: number) => Promise<unknown>) => Promise<Begun>,
): Promise<Begun> {
  const client = new pg.Client({ connectionString: opened.databaseUrl });
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query('SELECT id FROM accounts WHERE id = $1 FOR UPDATE', [accountId]);
    const waiting = async () => {
      const [row] = await opened.sql<{ waiting: number }>(
        `SELECT count(*)::int AS waiting FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return row?.waiting;
    };
    const begun = await begin((count) => expect.poll(waiting).toBe(count));
    await client.query('COMMIT');
    return begun;
  } finally {
    await client.end();
  }
}

describe('closing an account', () => {
  it.each([
    [
      'keeps out what arrives a moment later',
      'after',
      'closed',
      'ACCOUNT_CLOSED,accountClosed',
      '0',
    ],
    ['is prevented by what arrived a moment earlier', 'before', 'notEmpty', 'applied,applied', '2'],
  ])('%s, from every process', async (_what, when, kind, outcome, left) => {
    const other = opened.open();
    const { accountId, close } = await anAccount();
    // The account is in the memory of both processes.
    const start = [deposit('start', accountId, '1'), withdraw('end', accountId, '1')];
    for (const { ledger } of [opened.stores, other]) await ledger.run(accountId, start);
    const arrive = ({ ledger }: typeof other, id: string) =>
      ledger.run('tester', [
        deposit(`${when}-${id}`, accountId, '1'),
        placeHold(`${when}-${id}`, accountId, '1'),
      ]);
    const arriveTwice = () => [arrive(opened.stores, 'here'), arrive(other, 'there')];
    const { closing, arriving } = await queued(accountId, async (waiting) => {
      const first = when === 'after' ? close() : null;
      if (first !== null) await waiting(1);
      const answers = arriveTwice();
      await waiting(first === null ? 2 : 3);
      const second = first ?? close();
      await waiting(3);
      return { closing: second, arriving: Promise.all(answers) };
    });
    expect(await closing).toBe(kind);
    expect((await arriving).map((answers) => answers.map(short).join())).toEqual([
      ...[outcome, outcome],
    ]);
    const isClosed = kind === 'closed';
    expect(await rowOf(accountId)).toEqual({ is_closed: isClosed, total: left, locked: left });
    await other.close();
    expect(await ledgerFaults(opened)).toEqual(NO_FAULTS);
  });

  it('is refused while anything is there or held, and done once it is gone', async () => {
    const { accountId, close } = await anAccount();
    await opened.run(deposit('d', accountId, '5'), placeHold('h', accountId, '5'));
    expect(await close()).toBe('notEmpty');
    await opened.run(releaseHold('h', accountId));
    expect(await close()).toBe('notEmpty');
    await opened.run(withdraw('w', accountId, '5'));
    expect([await close(), await close()]).toEqual(['closed', 'closed']);
    expect(await opened.run(deposit('d2', accountId, '1'))).toEqual(['ACCOUNT_CLOSED']);
    expect(await opened.run(placeHold('h2', accountId, '1'))).toEqual(['accountClosed']);
  });

  it('is seen by a process that remembers the account as frozen', async () => {
    const { accountId, close } = await anAccount();
    const { record } = await anAccount({ isDesk: true });
    const { freezes } = opened.stores;
    await opened.run(deposit('f1', accountId, '1'));
    await freezes.setFreeze(
      accountId,
      { isFrozen: true, reason: 'dispute' },
      record('ACCOUNT_FROZEN'),
    );
    expect(await close()).toBe('frozen');
    expect(await opened.run(withdraw('f2', accountId, '1'))).toEqual(['ACCOUNT_FROZEN']);
    const other = opened.open();
    const thaw = { isFrozen: false, reason: 'settled' };
    await freezes.setFreeze(accountId, thaw, record('ACCOUNT_UNFROZEN'));
    await other.ledger.run('tester', [withdraw('f3', accountId, '1')]);
    await other.close();
    await freezes.setFreeze(accountId, { ...thaw, isFrozen: true }, record('ACCOUNT_FROZEN'));
    expect(await opened.run(withdraw('f4', accountId, '1'))).toEqual(['ACCOUNT_FROZEN']);
    await freezes.setFreeze(accountId, thaw, record('ACCOUNT_UNFROZEN'));
    expect(await close()).toBe('closed');
    // A frozen account takes deposits, and both are HALTED.
    expect(await opened.run(deposit('f5', accountId, '1'))).toEqual(['ACCOUNT_CLOSED']);
    expect(await freezes.setFreeze(accountId, thaw, record('ACCOUNT_UNFROZEN'))).toBe('closed');
  });

  it('is never before the last entry, even if the clock was set back', async () => {
    const { accountId, close } = await anAccount();
    await opened.run(deposit('c1', accountId, '1'), withdraw('c2', accountId, '1'));
    expect(await close(Date.now() - 3_600_000)).toBe('closed');
    const late = await opened.sql(
      `SELECT FROM ledger_entries e JOIN accounts a ON a.id = e.account_id
      WHERE a.id = $1 AND e.created_at > a.closed_at`,
      [accountId],
    );
    expect(late).toEqual([]);
  });
});
