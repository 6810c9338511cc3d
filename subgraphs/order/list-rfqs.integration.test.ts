import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestDesk, type TestDesk } from './test-desk.ts';
import { traderViewer, type TestTrader } from './test-trader.ts';

const LIST = /* GraphQL */ `
  query (
    $accountId: ID!
    $filter: RfqFilterInput
    $from: DateTime
    $to: DateTime
    $first: Int
    $after: String
  ) {
    rfqs(
      accountId: $accountId
      filter: $filter
      from: $from
      to: $to
      first: $first
      after: $after
    ) {
      edges {
        node {
          clientRfqId
          createdAt
        }
      }
      pageInfo {
        endCursor
      }
    }
  }
`;
const OF_ACCOUNTS = /* GraphQL */ `
  query ($accounts: [_Any!]!, $filter: RfqFilterInput, $first: Int, $after: String) {
    _entities(representations: $accounts) {
      ... on Account {
        rfqs(filter: $filter, first: $first, after: $after) {
          edges {
            node {
              clientRfqId
              createdAt
            }
          }
          pageInfo {
            endCursor
          }
        }
        again: rfqs(filter: $filter, first: $first, after: $after) {
          edges {
            node {
              clientRfqId
            }
          }
        }
      }
    }
  }
`;
interface List {
  readonly rfqs: {
    readonly edges: readonly { readonly node: { clientRfqId: string; createdAt: string } }[];
    readonly pageInfo: { readonly endCursor: string | null };
  };
}

describe('the list of an account’s requests for quote', () => {
  let desk: TestDesk;
  let trader: TestTrader;
  let stranger: TestTrader;
  beforeAll(async () => {
    desk = await startTestDesk();
    [trader, stranger] = [await desk.aTrader(), await desk.aTrader()];
    // Two of them in the same millisecond, and one of somebody else between.
    await desk.databases.order.sql(
      `INSERT INTO rfqs (id, account_id, client_rfq_id, number, symbol, quantity, status, sequence, created_at,
        expires_at, updated_at, closed_at)
      SELECT 'r-' || n, CASE WHEN n = 3 THEN $2 ELSE $1 END, 'c-' || n, n,
        CASE WHEN n = 2 THEN 'ETH-USDT' ELSE 'BTC-USDT' END, 1, 'EXPIRED', 1,
        to_timestamp(1e9 + CASE WHEN n = 5 THEN 4 ELSE n END), now(), now(), now()
      FROM generate_series(1, 6) n`,
      [trader.accountId, stranger.accountId],
    );
  });
  afterAll(() => desk.stop());

  const list = async (variables: object, asker = trader) => {
    const { data } = await asker.query<List>(LIST, { accountId: trader.accountId, ...variables });
    return data.rfqs;
  };
  const idsOf = ({ edges }: List['rfqs']) => edges.map(({ node }) => node.clientRfqId);

  it('of a period has what was made from its beginning and before its end, page by page', async () => {
    const all = (await list({})).edges.map(({ node }) => node);
    expect(all.map(({ clientRfqId }) => clientRfqId)).toEqual(['c-6', 'c-5', 'c-4', 'c-2', 'c-1']);
    const times = [null, ...all.map(({ createdAt }) => createdAt)];
    for (const from of times)
      for (const to of times) {
        if (from !== null && to !== null && from >= to) continue;
        const expected = all
          .filter(({ createdAt: at }) => (from === null || at >= from) && (to === null || at < to))
          .map(({ clientRfqId }) => clientRfqId);
        const page = await list({ from, to, first: 2 });
        const rest = await list({ from, to, after: page.pageInfo.endCursor });
        expect([...idsOf(page), ...idsOf(rest)]).toEqual(expected);
      }
  });

  it('goes on after a cursor of another period, from where that stands', async () => {
    const [, second] = (await list({})).edges;
    const { endCursor: after } = (await list({ first: 2 })).pageInfo;
    expect(second?.node.clientRfqId).toBe('c-5');
    expect(idsOf(await list({ after, from: '2001-09-09T01:46:42Z' }))).toEqual(['c-4', 'c-2']);
  });

  it.each([
    ['before the epoch', { to: '1900-01-01T00:00:00Z' }, []],
    ['all of it', { from: '0001-01-01T00:00:00Z', to: '9999-12-31T23:59:59.999Z' }, null],
    ['far away', { from: '9999-01-01T00:00:00Z' }, []],
    ['of an instrument', { filter: { symbol: 'ETH-USDT' }, from: '2001-09-09T01:46:42Z' }, ['c-2']],
    ['of no instrument', { filter: { symbol: 'ETH-USDT' }, from: '2001-09-09T01:46:43Z' }, []],
  ])('of a period %s is right', async (_, variables, expected) => {
    const ids = idsOf(await list(variables));
    expect(ids).toEqual(expected ?? ['c-6', 'c-5', 'c-4', 'c-2', 'c-1']);
  });

  it('hangs on each account too, with the same cursors', async () => {
    const ids = [trader, stranger].map(({ accountId }) => accountId);
    const ofAccounts = async (variables: object) => {
      const accounts = ids.map((id) => ({ __typename: 'Account', id }));
      const { data } = await desk.query<{ _entities: (List & { again: List['rfqs'] })[] }>(
        OF_ACCOUNTS,
        { accounts, ...variables },
        traderViewer(ids),
      );
      return data._entities;
    };
    const [own, other] = await ofAccounts({ first: 2 });
    expect(own?.rfqs).toEqual(await list({ first: 2 }));
    expect([own, other].map((one) => one && [idsOf(one.rfqs), idsOf(one.again)])).toEqual([
      [
        ['c-6', 'c-5'],
        ['c-6', 'c-5'],
      ],
      [['c-3'], ['c-3']],
    ]);
    const { data } = await trader.query<{ _entities: List[] }>(OF_ACCOUNTS, {
      accounts: [{ __typename: 'Account', id: trader.accountId }],
      filter: { symbol: 'BTC-USDT' },
      after: own?.rfqs.pageInfo.endCursor,
    });
    expect(data._entities.map(({ rfqs }) => idsOf(rfqs))).toEqual([['c-4', 'c-1']]);
  });

  it('is empty for somebody else', async () => {
    expect(idsOf(await list({ from: '2001-01-01T00:00:00Z' }, stranger))).toEqual([]);
  });

  it.each([
    ['2026-01-02T00:00:00Z', '2026-01-02T00:00:00Z'],
    ['2026-01-03T00:00:00Z', '2026-01-02T00:00:00Z'],
  ])('refuses a period from %s to %s', async (from, to) => {
    const { errors } = await trader.query(LIST, { accountId: trader.accountId, from, to });
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(errors?.[0]?.message).toBe('Argument "from" must be before "to".');
  });
});
