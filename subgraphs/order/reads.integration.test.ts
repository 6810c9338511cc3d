import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeCursor } from '#shared/graphql/connection.ts';
import { openOrderStores, type OrderStores } from './store/open-order-stores.ts';
import { OrderLoaders } from './loaders.ts';
import { startTestDesk, type TestDesk } from './test-desk.ts';
import { TestTrader, traderViewer } from './test-trader.ts';

interface Page<Node> {
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}
interface Listed {
  readonly id: string;
  readonly clientOrderId: string;
  readonly status: string;
  readonly createdAt: string;
}

const ORDERS = /* GraphQL */ `
  query (
    $accountId: ID!
    $filter: OrderFilterInput
    $first: Int
    $after: String
    $from: DateTime
    $to: DateTime
  ) {
    orders(
      accountId: $accountId
      filter: $filter
      first: $first
      after: $after
      from: $from
      to: $to
    ) {
      edges {
        cursor
        node {
          id
          clientOrderId
          status
          createdAt
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

// One seller and one buyer: some orders rest, some are filled in parts, one is canceled, one denied.
describe('reading', () => {
  let desk: TestDesk;
  let seller: TestTrader;
  let buyer: TestTrader;
  let stores: OrderStores;
  const list = async (variables: object) => {
    const { data } = await seller.query<{ orders: Page<Listed> }>(ORDERS, {
      accountId: seller.accountId,
      ...variables,
    });
    return data.orders;
  };
  const idsOf = ({ edges }: Page<Listed>) => edges.map(({ node }) => node.clientOrderId);

  beforeAll(async () => {
    desk = await startTestDesk();
    stores = openOrderStores({
      databaseUrl: desk.databases.order.url,
      onConnectionError: () => undefined,
    });
    seller = await desk.aTrader({ BTC: '10', ETH: '10' });
    buyer = await desk.aTrader({ USDT: '1000000' });
    for (const [clientOrderId, price] of [
      ['a', '60000'],
      ['b', '60001'],
      ['c', '60002'],
      ['d', '60003'],
    ] as const)
      await seller.place(seller.limit('SELL', '0.1', price, { clientOrderId }));
    const eth = { clientOrderId: 'e', symbol: 'ETH-USDT' };
    const { order } = await seller.place(seller.limit('SELL', '1', '3000', eth));
    await seller.cancel(order.id);
    await seller.place(seller.limit('SELL', '50', '60000', { clientOrderId: 'denied' }));
    await buyer.place(buyer.limit('BUY', '0.25', '60002', { clientOrderId: 'taker' }));
  });
  afterAll(async () => {
    await stores.close();
    await desk.stop();
  });

  describe('a list of orders', () => {
    it('is newest first and goes on after a cursor, without a gap or a double', async () => {
      const all = await list({});
      expect(idsOf(all)).toEqual(['denied', 'e', 'd', 'c', 'b', 'a']);
      const first = await list({ first: 4 });
      expect(first.pageInfo.hasNextPage).toBe(true);
      const rest = await list({ first: 4, after: first.pageInfo.endCursor });
      expect([...idsOf(first), ...idsOf(rest)]).toEqual(idsOf(all));
      expect(rest.pageInfo.hasNextPage).toBe(false);
    });

    it.each([
      [{ isOpen: true }, ['d', 'c']],
      [{ isOpen: false }, ['denied', 'e', 'b', 'a']],
      [{ symbol: 'ETH-USDT' }, ['e']],
      [{ statuses: ['FILLED', 'CANCELED'] }, ['e', 'b', 'a']],
      [{ statuses: ['FILLED', 'CANCELED'], symbol: 'BTC-USDT' }, ['b', 'a']],
      [{ statuses: [] }, []],
      [{ clientOrderIds: ['a', 'e', 'nobody', 'no id', 'taker'] }, ['e', 'a']],
      [{ clientOrderIds: ['a', 'c'], isOpen: true }, ['c']],
      [{ clientOrderIds: [] }, []],
    ])('with the filter %j has what fulfils all conditions', async (filter, expected) => {
      expect(idsOf(await list({ filter }))).toEqual(expected);
    });

    it('of a period has what was created from its beginning and before its end, page by page', async () => {
      const all = (await list({})).edges.map(({ node }) => node);
      for (const from of [null, ...all.map(({ createdAt }) => createdAt)])
        for (const to of [null, ...all.map(({ createdAt }) => createdAt)]) {
          if (from !== null && to !== null && from >= to) continue;
          const expected = all
            .filter(
              ({ createdAt: at }) => (from === null || at >= from) && (to === null || at < to),
            )
            .map(({ clientOrderId }) => clientOrderId);
          const page = await list({ from, to, first: 2 });
          const rest = await list({ from, to, after: page.pageInfo.endCursor });
          expect([...idsOf(page), ...idsOf(rest)]).toEqual(expected);
        }
      expect(idsOf(await list({ from: '2100-01-01T00:00:00Z' }))).toEqual([]);
    });

    it('refuses a page size, a symbol that cannot be, and the cursor of any other list', async () => {
      const { accountId } = seller;
      const cursors = [
        `orders/${accountId}/9999999999999999999`,
        `orders/${buyer.accountId}/1`,
        `fills/${accountId}/1`,
        '1',
      ];
      const [from, to] = ['2026-01-02T00:00:00Z', '2026-01-02T00:00:00Z'];
      for (const variables of [
        { first: 0 },
        { first: 251 },
        { after: 'rubbish' },
        ...cursors.map((cursor) => ({ after: encodeCursor(cursor) })),
        { from, to },
        { filter: { symbol: 'BTCUSDT' } },
        { filter: { symbol: 'FOO-BAR' } },
        { filter: { clientOrderIds: Array.from({ length: 251 }, (_, n) => `c-${n}`) } },
      ]) {
        const { errors } = await seller.query(ORDERS, { accountId, ...variables });
        expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
      }
    });
  });

  describe('what belongs to someone else', () => {
    it('is as if it were not there', async () => {
      const [first] = (await list({})).edges;
      const { data } = await buyer.query(
        `query ($id: ID!, $accountId: ID!) {
          order(id: $id) { id }
          orderByClientOrderId(accountId: $accountId, clientOrderId: "a") { id }
          orders(accountId: $accountId) { edges { node { id } } }
        }`,
        { id: first?.node.id, accountId: seller.accountId },
      );
      expect(data).toEqual({ order: null, orderByClientOrderId: null, orders: { edges: [] } });
    });

    it('is not told as an entity either', async () => {
      const [first] = (await list({})).edges;
      const representations = [
        { __typename: 'Order', id: first?.node.id },
        { __typename: 'Account', id: seller.accountId },
        { __typename: 'Position', id: `${seller.accountId}/BTC-USDT` },
      ];
      const entities = `query ($representations: [_Any!]!) {
        _entities(representations: $representations) { __typename }
      }`;
      const theirs = await buyer.query(entities, { representations });
      expect(theirs.data).toEqual({ _entities: [null, null, null] });
      const own = await seller.query(entities, { representations });
      expect(own.data).toEqual({
        _entities: ['Order', 'Account', 'Position'].map((__typename) => ({ __typename })),
      });
    });
  });

  it('needs the scope, also to see what hangs on an account', async () => {
    const looker = new TestTrader(desk, seller.accountId, ['account:read', 'trade:write']);
    const { errors } = await looker.query(ORDERS, { accountId: seller.accountId });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', needed: 'trade:read' });
    const entity = await looker.query(
      `query ($representations: [_Any!]!) {
        _entities(representations: $representations) { ... on Account { positions { id } } }
      }`,
      { representations: [{ __typename: 'Account', id: seller.accountId }] },
    );
    expect(entity.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    const reader = new TestTrader(desk, seller.accountId, ['trade:read']);
    const placing = await reader.query(
      'mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { __typename } }',
      { input: reader.limit('SELL', '0.1', '60000') },
    );
    expect(placing.errors?.[0]?.extensions).toMatchObject({ needed: 'trade:write' });
  });

  it('values a position at the mark price the gateway brings, and not without one', async () => {
    const value = async (markPrice: string | null) => {
      const id = `${seller.accountId}/BTC-USDT`;
      const { data } = await seller.query<{ _entities: object[] }>(
        `query ($representations: [_Any!]!) {
          _entities(representations: $representations) {
            ... on Position {
              side quantity averageEntryPrice costBasis marketValue unrealizedPnl realizedPnl fees
            }
          }
        }`,
        { representations: [{ __typename: 'Position', id, instrument: { markPrice } }] },
      );
      return data._entities[0];
    };
    // Sold 0.1 at 60,000, 0.1 at 60,001 and 0.05 at 60,002.
    expect(await value('50000.5')).toEqual({
      side: 'SHORT',
      quantity: '0.25000',
      averageEntryPrice: '60000.80',
      costBasis: '15000.20000000',
      marketValue: '12500.12500000',
      unrealizedPnl: '2500.07500000',
      ...{ realizedPnl: '0.00000000', fees: '12.00016000' },
    });
    expect(await value(null)).toMatchObject({ marketValue: null, unrealizedPnl: null });
  });

  it('takes a constant number of statements, however many accounts and orders', async () => {
    const calls: string[] = [];
    const queries = new Proxy(stores.queries, {
      get: (target, name) => {
        calls.push(String(name));
        const read: unknown = Reflect.get(target, name);
        return read instanceof Function ? (read.bind(target) as unknown) : read;
      },
    });
    const loaders = new OrderLoaders(queries);
    const page = { limit: 10, after: null };
    const none = { symbol: null, statuses: null, isOpen: null, isClosed: null };
    const filter = { ...none, clientOrderIds: null, period: { from: null, to: null } };
    const accounts = [seller.accountId, buyer.accountId, 'absent' as typeof buyer.accountId];
    const lists = await Promise.all(accounts.map((id) => loaders.orders(id, filter, page)));
    expect(lists.map((orders) => orders.length)).toEqual([6, 1, 0]);
    const fills = await Promise.all(lists.flat().map(({ id }) => loaders.firstFills(id)));
    expect(fills.flatMap(({ rows }) => rows)).toHaveLength(6);
    const filled = await Promise.all(
      accounts.map((id) => loaders.fills(id, filter, { limit: 2, after: null })),
    );
    expect(filled.map((list) => list.map(({ price }) => `${price}`.slice(0, 5)))).toEqual([
      ['60002', '60001'],
      ['60002', '60001'],
      [],
    ]);
    await Promise.all(accounts.map((id) => loaders.positions(id)));
    expect(calls).toEqual(['orderPages', 'firstFillsOfOrders', 'fillPages', 'positionsOfAccounts']);
  });

  it('shows one viewer the accounts that are theirs in one answer', async () => {
    const { data } = await desk.query<{ _entities: { orders: Page<Listed> }[] }>(
      `query ($representations: [_Any!]!) {
        _entities(representations: $representations) {
          ... on Account {
            orders(first: 1) { edges { node { clientOrderId instrument { symbol } fills { tradeId order { id } } } } }
            fills(symbol: "BTC-USDT", first: 1) { edges { node { liquiditySide order { clientOrderId } } } }
          }
        }
      }`,
      {
        representations: [seller, buyer].map(({ accountId }) => ({
          __typename: 'Account',
          id: accountId,
        })),
      },
      traderViewer([seller.accountId, buyer.accountId]),
    );
    expect(data._entities).toMatchObject([
      {
        orders: { edges: [{ node: { clientOrderId: 'denied', fills: [] } }] },
        fills: { edges: [{ node: { liquiditySide: 'MAKER', order: { clientOrderId: 'c' } } }] },
      },
      {
        orders: { edges: [{ node: { clientOrderId: 'taker' } }] },
        fills: { edges: [{ node: { liquiditySide: 'TAKER', order: { clientOrderId: 'taker' } } }] },
      },
    ]);
  });
});
