import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SeededTrader } from '../../prisma/account/test-seed-trader.ts';
import { startTestServer, type TestServer, viewerOf } from './test-server.ts';

const HISTORY = `query ($id: ID!, $interval: AccountHistoryInterval!, $from: DateTime, $to: DateTime, $first: Int, $after: String) {
  account(id: $id) { history(interval: $interval, from: $from, to: $to, first: $first, after: $after) {
    edges { cursor node { at balances(omitZero: true) { total asset { code } } } }
    pageInfo { hasNextPage endCursor }
  } }
}`;
const BARE = `query ($id: ID!) { account(id: $id) {
  history(interval: ONE_HOUR, first: 51) { edges { cursor node { at } } pageInfo { hasNextPage } }
} }`;
const TWICE = `query ($id: ID!) { account(id: $id) {
  history(to: "2026-03-05T00:00:00Z", first: 1) { edges { node {
    some: balances(omitZero: true) { total } others: balances(omitZero: true) { total } balancesToValue { total }
  } } }
} }`;
const POINT = `query ($of: [_Any!]!) { _entities(representations: $of) {
  ... on AccountHistoryPoint { at balancesToValue { total asset { code } } }
} }`;

interface Point {
  readonly at: string;
  readonly balances: readonly { readonly total: string; readonly asset: { code: string } }[];
}
interface History {
  readonly account: {
    readonly history: {
      readonly edges: readonly { readonly cursor: string; readonly node: Point }[];
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
    };
  };
}

let server: TestServer;
let trader: SeededTrader;
beforeAll(async () => {
  server = await startTestServer();
  trader = await server.aTrader({ BTC: '1', USDT: '1' });
  const { accountId: id } = trader;
  // Three days: a deposit on the first, bitcoin bought at the very midnight before the third, all sold on the third.
  await server.sql(`UPDATE accounts SET created_at = '2026-03-01T09:30:00Z' WHERE id = '${id}'`);
  const balance = (asset: string, total: string) => ({
    asset,
    total,
    locked: '0',
    free: total,
    sequence: '1',
    asOf: '2026-03-01T10:00:00.000Z',
  });
  const events = [
    ['2026-03-01T10:00:00Z', [balance('USDT', '90000.00000000')]],
    ['2026-03-03T00:00:00Z', [balance('BTC', '1.00000000'), balance('USDT', '30000.00000000')]],
    ['2026-03-03T12:00:00Z', [balance('BTC', '0.00000000'), balance('USDT', '91000.00000000')]],
  ] as const;
  for (const [place, [time, balances]] of events.entries())
    await server.sql(
      `INSERT INTO balance_events (account_id, sequence, event, created_at)
      VALUES ('${id}', ${1000 + place}, '${JSON.stringify({ balances })}', '${time}')`,
    );
});
afterAll(() => server.stop());

const ask = async (variables: object) => {
  const { data, errors } = await server.subgraph.request<History>(viewerOf(trader), HISTORY, {
    ...{ id: trader.accountId, interval: 'ONE_DAY' },
    ...variables,
  });
  return { points: data.account?.history, errors };
};
const shown = ({ edges }: History['account']['history']) =>
  edges.map(({ node: { at, balances } }) => [
    at.slice(5, 13),
    ...balances.map(({ total, asset: { code } }) => `${Number(total)} ${code}`),
  ]);

describe('Account.history', () => {
  it('shows what was held at each midnight, with what changed at it', async () => {
    const { points } = await ask({ from: '2026-01-01T00:00:00Z', to: '2026-03-05T00:00:00Z' });
    expect(shown(points)).toEqual([
      ['03-02T00', '90000 USDT'],
      ['03-03T00', '1 BTC', '30000 USDT'],
      ['03-04T00', '91000 USDT'],
    ]);
    expect(points.pageInfo.hasNextPage).toBe(false);
  });

  it('shows the hours before an instant backward, page by page', async () => {
    const query = { interval: 'ONE_HOUR', to: '2026-03-03T14:00:00Z', first: 2 };
    const { points } = await ask(query);
    expect(shown(points)).toEqual([
      ['03-03T13', '91000 USDT'],
      ['03-03T12', '91000 USDT'],
    ]);
    const next = await ask({ ...query, after: points.pageInfo.endCursor });
    expect(shown(next.points)).toEqual([
      ['03-03T11', '1 BTC', '30000 USDT'],
      ['03-03T10', '1 BTC', '30000 USDT'],
    ]);
    const other = await ask({ after: points.pageInfo.endCursor });
    expect(other.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  it('reads no balances for whoever asks for none: such a page costs hardly anything', async () => {
    await server.sql('BEGIN');
    try {
      await server.sql('LOCK TABLE balance_events');
      const { data, errors } = await server.subgraph.request<History>(viewerOf(trader), BARE, {
        id: trader.accountId,
      });
      expect(errors).toBeUndefined();
      expect(data.account.history.edges.length).toBe(51);
      expect(data.account.history.pageInfo.hasNextPage).toBe(true);
    } finally {
      await server.sql('ROLLBACK');
    }
  });

  it('shows the same under each name that it is asked for', async () => {
    const { data } = await server.subgraph.request<History>(viewerOf(trader), TWICE, {
      id: trader.accountId,
    });
    const some = [{ total: '91000.00000000' }];
    const node = { some, others: some, balancesToValue: [{ total: '0.00000000' }, ...some] };
    expect(data.account.history.edges).toEqual([{ node }]);
  });

  it('gives a point to value to those alone who can see the account', async () => {
    const at = '2026-03-03T00:00:00.000Z';
    const of = [{ __typename: 'AccountHistoryPoint', accountId: trader.accountId, at }];
    const stranger = await server.aTrader();
    const [own, others] = await Promise.all(
      [trader, stranger].map((who) => server.subgraph.request(viewerOf(who), POINT, { of })),
    );
    expect(own?.data).toMatchObject({
      _entities: [
        { at, balancesToValue: [{ asset: { code: 'BTC' } }, { total: '30000.00000000' }] },
      ],
    });
    expect(others?.data).toEqual({ _entities: [null] });
    const unread = await server.subgraph.request(viewerOf(trader, ['trade:read']), POINT, { of });
    expect(unread.errors?.[0]?.extensions).toMatchObject({ reason: 'SCOPE_MISSING' });
  });
});
