import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SeededTrader } from '../../prisma/account/test-seed-trader.ts';
import { startTestServer, type TestServer, viewerOf } from './test-server.ts';

const STATEMENT = `query ($id: ID!, $from: DateTime, $to: DateTime) { account(id: $id) { statement(from: $from, to: $to) {
  __typename
  ... on AccountStatement {
    entryCount
    assets {
      asset { code } openingBalance closingBalance change
      sums { type change credits debits entryCount }
    }
  }
  ... on StatementTooLong { limit message }
} } }`;
const TWICE = `query ($id: ID!, $from: DateTime) { account(id: $id) {
  a: statement(from: $from) { __typename } b: statement(from: $from) { __typename }
} }`;
const move = (name: string, input: string) =>
  `mutation ($input: ${input}!) { ${name}(input: $input) { __typename ... on TransferApplied { appliedAt } } }`;

interface Answer {
  readonly account: { readonly statement: Readonly<Record<string, unknown>> } | null;
}

let server: TestServer;
let trader: SeededTrader;
/** When each of three movements was made, each at a millisecond of its own. */
const made: number[] = [];
beforeAll(async () => {
  server = await startTestServer();
  trader = await server.aTrader();
  for (const [name, input, amount] of [
    ['deposit', 'DepositInput', '100.5'],
    ['deposit', 'DepositInput', '0.00000001'],
    ['withdraw', 'WithdrawInput', '40'],
  ] as const) {
    while (Date.now() <= (made.at(-1) ?? 0)) await new Promise((later) => setImmediate(later));
    const { data } = await server.subgraph.request<Record<string, { appliedAt: string }>>(
      viewerOf(trader),
      move(name, input),
      {
        input: {
          ...{ transferId: `m-${made.length}`, accountId: trader.accountId },
          ...{ asset: 'USDT', amount },
        },
      },
    );
    made.push(Date.parse(data[name]?.appliedAt ?? ''));
  }
});
afterAll(() => server.stop());

const ask = (variables: object = {}, viewer = viewerOf(trader)) =>
  server.subgraph.request<Answer>(viewer, STATEMENT, { id: trader.accountId, ...variables });
/** The time of a movement, counted from 1, or this many milliseconds after it. */
const at = (movement: number, later = 0) =>
  new Date((made[movement - 1] ?? Number.NaN) + later).toISOString();

describe('Account.statement', () => {
  it('shows balances and sums at the scale of their asset', async () => {
    const usdt = { asset: { code: 'USDT' } };
    const withdrawal = {
      ...{ type: 'WITHDRAWAL', change: '-40.00000000' },
      ...{ credits: '0.00000000', debits: '40.00000000', entryCount: 1 },
    };
    expect((await ask()).data.account?.statement).toEqual({
      __typename: 'AccountStatement',
      entryCount: 3,
      assets: [
        {
          ...usdt,
          ...{ openingBalance: '0.00000000', closingBalance: '60.50000001' },
          change: '60.50000001',
          sums: [
            {
              ...{ type: 'DEPOSIT', change: '100.50000001' },
              ...{ credits: '100.50000001', debits: '0.00000000', entryCount: 2 },
            },
            withdrawal,
          ],
        },
      ],
    });
    expect((await ask({ from: at(3), to: at(3, 1) })).data.account?.statement['assets']).toEqual([
      {
        ...usdt,
        ...{ openingBalance: '100.50000001', closingBalance: '60.50000001' },
        change: '-40.00000000',
        sums: [withdrawal],
      },
    ]);
  });

  it.each<[string, () => object, number, number]>([
    ['before the epoch', () => ({ to: '1900-01-01T00:00:00Z' }), 0, 0],
    ['before the account', () => ({ from: '0001-01-01T00:00:00Z', to: at(1) }), 0, 0],
    ['up to an entry, and not into it', () => ({ to: at(2) }), 1, 1],
    ['from an entry on', () => ({ from: at(2) }), 2, 1],
    ['after the last entry', () => ({ from: at(3, 1), to: '9999-12-31T23:59:59.999Z' }), 0, 1],
    ['of all times', () => ({ from: '0001-01-01T00:00:00Z', to: '9999-12-31T23:59:59Z' }), 3, 1],
  ])('of a period %s has its entries', async (_, period, entryCount, assets) => {
    const statement = (await ask(period())).data.account?.statement;
    expect(statement).toMatchObject({ __typename: 'AccountStatement', entryCount });
    expect(statement?.['assets']).toHaveLength(assets);
  });

  it('is for a viewer of the account too, and for nobody else', async () => {
    const accounts = [{ accountId: trader.accountId, role: 'VIEWER' as const }];
    const { data } = await ask({}, { ...viewerOf(trader), accounts });
    expect(data.account?.statement['entryCount']).toBe(3);
    const stranger = viewerOf(await server.aTrader());
    for (const id of [trader.accountId, 'nothing'])
      expect((await ask({ id }, stranger)).data).toEqual({ account: null });
    const { errors } = await ask({}, viewerOf(trader, ['trade:read', 'trade:write']));
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', needed: 'account:read' });
  });

  it('refuses a period that does not begin before it ends', async () => {
    for (const to of [at(1), at(1, -1)]) {
      const { errors } = await ask({ from: at(1), to });
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
    }
  });

  it('sums up 20,000 entries in all of a request, and says what is too long', async () => {
    const busy = await server.aTrader();
    const insert = (from: number, to: number) =>
      server.sql(
        `INSERT INTO ledger_entries
        SELECT $1, n, 'DEPOSIT', 'USDT', 1, n, 'x' || n, NULL, NULL, '2029-01-01'::timestamptz + n * interval '1 s'
        FROM generate_series(${from}, ${to}) n`,
        [busy.accountId],
      );
    await server.sql(
      `INSERT INTO balances (account_id, asset_code, total, locked, free, overdraft_allowed, sequence, changed_at)
      VALUES ($1, 'USDT', 1, 0, 1, false, 1, now())`,
      [busy.accountId],
    );
    const own = { id: busy.accountId };
    await insert(1, 20_000);
    expect((await ask(own, viewerOf(busy))).data.account?.statement['entryCount']).toBe(20_000);
    const twice = async (from: string) => {
      type Both = { account: Record<'a' | 'b', { __typename: string }> };
      const { data } = await server.subgraph.request<Both>(viewerOf(busy), TWICE, { ...own, from });
      return [data.account.a.__typename, data.account.b.__typename];
    };
    expect(await twice('2029-01-01T00:00:00Z')).toEqual(['AccountStatement', 'StatementTooLong']);
    expect(await twice('2029-01-01T03:00:00Z')).toEqual(['AccountStatement', 'AccountStatement']);
    await insert(20_001, 20_001);
    expect((await ask(own, viewerOf(busy))).data.account?.statement).toEqual({
      __typename: 'StatementTooLong',
      limit: 20_000,
      message:
        'The statements of one request can sum up at most 20000 ledger entries: ask for a shorter period, or for fewer statements.',
    });
  });
});
