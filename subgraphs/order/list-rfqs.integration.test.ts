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
const QUOTES = /* GraphQL */ `
  query ($id: ID!, $first: Int, $after: String) {
    rfq(id: $id) {
      quotes {
        id
      }
      hasMoreQuotes
      allQuotes(first: $first, after: $after) {
        edges {
          node {
            id
          }
        }
        pageInfo {
          endCursor
          hasNextPage
        }
      }
    }
  }
`;
interface Quotes {
  readonly quotes: readonly { readonly id: string }[];
  readonly hasMoreQuotes: boolean;
  readonly allQuotes: {
    readonly edges: readonly { readonly node: { readonly id: string } }[];
    readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
  };
}
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

describe('the quotes of a request', () => {
  let desk: TestDesk;
  let trader: TestTrader;
  beforeAll(async () => {
    desk = await startTestDesk();
    trader = await desk.aTrader();
    const { sql } = desk.databases.order;
    await sql(
      `INSERT INTO rfqs (id, account_id, client_rfq_id, number, symbol, quantity, status, sequence, created_at,
        expires_at, updated_at, closed_at)
      SELECT id, $1, id, n, 'BTC-USDT', 1, 'EXPIRED', 1, now(), now(), now(), now()
      FROM (VALUES ('few', 1), ('many', 2)) AS one(id, n)`,
      [trader.accountId],
    );
    // Each two of them in the same millisecond.
    await sql(
      `INSERT INTO rfq_quotes (id, rfq_id, source, ask_price, ask_quantity, created_at, valid_until)
      SELECT rfq_id || '.' || lpad(n::text, 3, '0'), rfq_id, 'TRADER', 64000, 1,
        to_timestamp(1e9 + n / 2), to_timestamp(2e9)
      FROM (VALUES ('few', 120), ('many', 123)) AS one(rfq_id, most), generate_series(1, most) n`,
    );
  });
  afterAll(() => desk.stop());

  const read = async (id: string, page: object = {}) => {
    const { data } = await trader.query<{ rfq: Quotes }>(QUOTES, { id, ...page });
    return data.rfq;
  };
  const names = (id: string, from: number, to: number) =>
    Array.from(
      { length: from - to + 1 },
      (_, index) => `${id}.${`${from - index}`.padStart(3, '0')}`,
    );

  it('are the newest 120, and say whether there are more', async () => {
    const few = await read('few');
    expect(few.quotes.map(({ id }) => id)).toEqual(names('few', 120, 1));
    expect(few.hasMoreQuotes).toBe(false);
    const many = await read('many');
    expect(many.quotes.map(({ id }) => id)).toEqual(names('many', 123, 4));
    expect(many.hasMoreQuotes).toBe(true);
  });

  it('are all listed page by page, the newest first', async () => {
    const pages: string[][] = [];
    let after: string | null = null;
    do {
      const { allQuotes }: Quotes = await read('many', { first: 50, after });
      pages.push(allQuotes.edges.map(({ node }) => node.id));
      after = allQuotes.pageInfo.hasNextPage ? allQuotes.pageInfo.endCursor : null;
    } while (after !== null);
    expect(pages).toEqual([names('many', 123, 74), names('many', 73, 24), names('many', 23, 1)]);
  });

  it('have no cursor of another request', async () => {
    const { endCursor: after } = (await read('few', { first: 1 })).allQuotes.pageInfo;
    const { errors } = await trader.query(QUOTES, { id: 'many', after });
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });
});
