import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Money } from '#shared/domain/money.ts';
import { readStatements, type StatementOutcome } from '../domain/account-statement.ts';
import type { LedgerCommand } from '../domain/ledger-command.ts';
import {
  accountId,
  deposit,
  money,
  placeHold,
  releaseHold,
  settleTrade,
  side,
  transfer,
  withdraw,
} from '../domain/test-commands.ts';
import { moneyOfText } from './ledger-rows.ts';
import { openTestStores, type TestStores } from './test-stores.ts';

const START = Date.UTC(2030, 0, 1);
/** The movements of alice and bob, some of them at the same time. */
const STORY: readonly (readonly [number, readonly LedgerCommand[]])[] = [
  [0, [deposit('d1', 'alice', '1000.00000001'), deposit('d2', 'bob', '3', 'BTC')]],
  [10, [withdraw('w1', 'alice', '0.1'), transfer('t1', 'alice', 'bob', '20.5')]],
  [10, [transfer('t2', 'bob', 'alice', '0.5'), placeHold('h1', 'alice', '100')]],
  [
    20,
    [
      settleTrade('x1', {
        ...{ quantity: '0.00000003', cost: '33.33333333' },
        ...{ buyer: side('alice', { fee: '0.03333334' }), seller: side('bob', { fee: '0.01' }) },
      }),
    ],
  ],
  [30, [releaseHold('h1', 'alice')]],
  [40, [withdraw('w2', 'bob', '2.99999997', 'BTC')]],
];
const TIMES = [null, -1, 0, 1, 10, 11, 20, 21, 30, 40, 41];
const PERIODS = ['alice', 'bob'].flatMap((name) =>
  TIMES.flatMap((from) =>
    TIMES.filter((to) => from === null || to === null || from < to).map(
      (to) => [name, from, to] as const,
    ),
  ),
);

let books: TestStores;
beforeAll(async () => {
  books = await openTestStores();
  for (const name of ['alice', 'bob', 'nobody', 'busy', 'later']) await books.addAccount(name);
  for (const [at, commands] of STORY) {
    const { ledger, close } = books.open({ now: () => START + at });
    const answers = await ledger.run('tester', commands);
    expect(answers.map(({ kind }) => kind)).toEqual(commands.map(() => 'answered'));
    await close();
  }
  // Histories that are short enough to add up alternate with ones that are too long.
  await books.sql(`
    INSERT INTO ledger_entries
    SELECT 'busy', n, 'DEPOSIT', 'USDT', 1, n, 'x' || n, NULL, NULL, to_timestamp(n)
    FROM generate_series(1, 30000) n`);
  await books.sql(`
    INSERT INTO balances (account_id, asset_code, total, locked, free, overdraft_allowed, sequence, changed_at)
    VALUES ('busy', 'USDT', 30000, 0, 30000, false, 1, now())`);
});
afterAll(() => books.close());

type Ends = readonly [number | null, number | null];
const keyOf = (name: string, [from, to]: Ends) => ({
  accountId: accountId(name),
  period: {
    from: from === null ? null : START + from,
    to: to === null ? null : START + to,
  },
});
const read = (name: string, ...ends: readonly Ends[]) =>
  readStatements(
    books.stores.statements,
    ends.map((one) => keyOf(name, one)),
  );
const statementOf = (outcome: StatementOutcome | undefined) => {
  if (outcome?.kind !== 'statement') throw new Error('There is no statement.');
  return outcome;
};
const drawn = (outcome: StatementOutcome | undefined) =>
  statementOf(outcome).assets.map(({ asset, opening, closing, sums }) => [
    asset,
    ...[opening, closing].map(text),
    sums.map(({ type, credits, debits, entryCount }) =>
      [type, ...[credits, debits].map(text), entryCount].join(' '),
    ),
  ]);
const text = (amount: Money) => `${Number(amount / 10n ** 10n) / 1e8}`;

describe('a statement', () => {
  it('lists credits and debits by type, from the opening to the closing balance', async () => {
    const [whole, trading] = await read('alice', [null, null], [20, 21]);
    expect(drawn(whole)).toEqual([
      ['BTC', '0', '3e-8', ['TRADE 3e-8 0 1']],
      [
        'USDT',
        '0',
        '946.53333334',
        [
          ...['DEPOSIT 1000.00000001 0 1', 'WITHDRAWAL 0 0.1 1', 'TRANSFER 0.5 20.5 2'],
          ...['TRADE 0 33.33333333 1', 'FEE 0 0.03333334 1'],
        ],
      ],
    ]);
    expect(drawn(trading)).toEqual([
      ['BTC', '0', '3e-8', ['TRADE 3e-8 0 1']],
      ['USDT', '979.90000001', '946.53333334', ['TRADE 0 33.33333333 1', 'FEE 0 0.03333334 1']],
    ]);
  });

  it('agrees with the entries of any period, and opens where the previous one closes', async () => {
    for (const [name, from, to] of PERIODS) {
      const [before, statement] = await read(name, [null, from ?? -1], [from, to]);
      const rows = await books.sql<{ asset_code: string; type: string; change: string }>(
        `SELECT asset_code, type::text, change::text FROM ledger_entries
        WHERE account_id = $1 AND ($2::timestamptz IS NULL OR created_at >= $2)
          AND ($3::timestamptz IS NULL OR created_at < $3)`,
        [name, ...[from, to].map((at) => (at === null ? null : new Date(START + at)))],
      );
      const { assets, entryCount } = statementOf(statement);
      expect(entryCount).toBe(rows.length);
      for (const { asset, opening, closing, sums } of assets) {
        const changes = rows.filter((row) => row.asset_code === asset);
        const sum = changes.reduce((all, { change }) => all + moneyOfText(change), 0n);
        expect(closing).toBe(opening + sum);
        expect(opening).toBe(
          statementOf(before).assets.find((one) => one.asset === asset)?.closing ?? 0n,
        );
        expect(sums.map(({ entryCount: count }) => count)).toEqual(
          sums.map(({ type }) => changes.filter((row) => row.type === type).length),
        );
      }
    }
  });

  it('omits assets that the account had not held by then, and is empty for an account that never held any', async () => {
    const [before, first, never] = await read('alice', [null, 0], [null, 1], [5, 10]);
    expect(drawn(before)).toEqual([]);
    expect(drawn(first).map(([asset]) => asset)).toEqual(['USDT']);
    expect(drawn(never)).toEqual([['USDT', '1000.00000001', '1000.00000001', []]]);
    const [nothing] = await read('nobody', [null, null]);
    expect(nothing).toEqual({ kind: 'statement', entryCount: 0, assets: [] });
  });

  it('shows the debt of an account that may owe', async () => {
    const [external] = await read('external', [0, 1]);
    const usdt = statementOf(external).assets.find(({ asset }) => asset === 'USDT');
    const [opening, closing] = [usdt?.opening ?? 0n, usdt?.closing ?? 0n];
    expect([opening < 0n, closing - opening]).toEqual([true, -money('1000.00000001')]);
    expect(usdt?.sums).toEqual([
      { type: 'DEPOSIT', credits: 0n, debits: money('1000.00000001'), entryCount: 1 },
    ]);
  });
});

describe('statements of one request', () => {
  const busy = (from: number, to: number) => ({
    accountId: accountId('busy'),
    period: { from: from * 1000, to: to * 1000 },
  });
  const kinds = async (...spans: readonly (readonly [number, number])[]) => {
    const keys = spans.map(([from, to]) => busy(from, to));
    const outcomes = await readStatements(books.stores.statements, keys);
    return outcomes.map((one) => (one.kind === 'statement' ? one.entryCount : one.kind));
  };

  it('add up at most 20,000 entries', async () => {
    expect(await kinds([1, 20_001])).toEqual([20_000]);
    expect(await kinds([1, 20_002])).toEqual(['tooLong']);
    expect(await kinds([10_000, 40_000])).toEqual(['tooLong']);
  });

  it('share that limit, in the order of the request', async () => {
    expect(await kinds([1, 10_001], [10_001, 20_001], [20_001, 20_002])).toEqual([
      ...[10_000, 10_000, 'tooLong'],
    ]);
    expect(await kinds([1, 101], [1, 30_001], [1, 2])).toEqual([100, 'tooLong', 'tooLong']);
    expect(await kinds([1, 30_001], [1, 101])).toEqual(['tooLong', 'tooLong']);
  });

  it('fail if they do not add up', async () => {
    await books.sql(`
      INSERT INTO ledger_entries VALUES
        ('later', 1, 'DEPOSIT', 'USDT', 1, 1, 'y1', NULL, NULL, now()),
        ('later', 2, 'DEPOSIT', 'USDT', 1, 3, 'y2', NULL, NULL, now())`);
    await books.sql(`
      INSERT INTO balances (account_id, asset_code, total, locked, free, overdraft_allowed, sequence, changed_at)
      VALUES ('later', 'USDT', 3, 0, 3, false, 1, now())`);
    await expect(read('later', [null, null])).rejects.toThrow('the USDT of later was 0');
  });
});
