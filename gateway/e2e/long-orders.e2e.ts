import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Desk } from './support/harness.ts';
import { shareDesk } from './support/shared-desk.ts';
import type { TraderClient } from './support/trader-client.ts';

// An order with more fills and prevented matches than it shows of itself.

const MOST_SHOWN = 100;
const MET = 120;
const LARGEST_BATCH = 60;

const PLACE_ORDERS = /* GraphQL */ `
  mutation ($input: PlaceOrdersInput!) {
    placeOrders(input: $input) {
      __typename
    }
  }
`;
const ORDER_PARTS = /* GraphQL */ `
  fragment Parts on Order {
    id
    fills {
      id
    }
    hasMoreFills
    preventedMatches {
      id
    }
    hasMorePreventedMatches
  }
`;
const TAKE = /* GraphQL */ `
  mutation ($input: PlaceOrderInput!) {
    placeOrder(input: $input) {
      ... on OrderAccepted {
        order {
          ...Parts
        }
      }
    }
  }
  ${ORDER_PARTS}
`;
const ORDER = /* GraphQL */ `
  query ($id: ID!) {
    order(id: $id) {
      ...Parts
    }
  }
  ${ORDER_PARTS}
`;
const PAGES = /* GraphQL */ `
  query ($id: ID!, $first: Int, $fillsAfter: String, $matchesAfter: String) {
    order(id: $id) {
      allFills(first: $first, after: $fillsAfter) {
        ...FillPage
      }
      allPreventedMatches(first: $first, after: $matchesAfter) {
        ...MatchPage
      }
    }
  }
  fragment FillPage on FillConnection {
    edges {
      node {
        id
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
  fragment MatchPage on PreventedMatchConnection {
    edges {
      node {
        id
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
`;

interface Identified {
  readonly id: string;
}
interface Parts extends Identified {
  readonly fills: readonly Identified[];
  readonly hasMoreFills: boolean;
  readonly preventedMatches: readonly Identified[];
  readonly hasMorePreventedMatches: boolean;
}
interface Page {
  readonly edges: readonly { readonly node: Identified }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}
interface Pages {
  readonly order: { readonly allFills: Page; readonly allPreventedMatches: Page };
}

let desk: Desk;
beforeAll(async () => {
  desk = await shareDesk('still');
});
afterAll(() => desk.stop());

/** Places one more ask than can be shown, all at one price. */
async function offerMany(trader: TraderClient, limitPrice: string): Promise<void> {
  const { accountId } = trader;
  for (let first = 0; first < MET; first += LARGEST_BATCH) {
    const orders = Array.from({ length: LARGEST_BATCH }, (_, index) => ({
      clientOrderId: `ask-${first + index}`,
      symbol: 'BTC-USDT',
      side: 'SELL',
      terms: { limit: { quantity: '0.001', limitPrice } },
    }));
    await trader.request(PLACE_ORDERS, { input: { accountId, orders } });
  }
}

/** Takes all of them. */
async function take(trader: TraderClient, limitPrice: string): Promise<Parts> {
  const { placeOrder } = await trader.request<{ placeOrder: { order: Parts } }>(TAKE, {
    input: {
      accountId: trader.accountId,
      clientOrderId: 'taker',
      symbol: 'BTC-USDT',
      side: 'BUY',
      terms: { limit: { quantity: `${MET / 1000}`, limitPrice, timeInForce: 'IOC' } },
      selfTradePrevention: 'CANCEL_MAKER',
    },
  });
  return placeOrder.order;
}

/** All rows of a list of the order, page by page. */
async function pagesOf(
  trader: TraderClient,
  id: string,
  list: 'allFills' | 'allPreventedMatches',
): Promise<readonly string[]> {
  const ids: string[] = [];
  const cursor = list === 'allFills' ? 'fillsAfter' : 'matchesAfter';
  let after: string | null = null;
  do {
    const page: Pages = await trader.request<Pages>(PAGES, { id, first: 50, [cursor]: after });
    const { edges, pageInfo } = page.order[list];
    ids.push(...edges.map(({ node }) => node.id));
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null);
  return ids;
}

describe('an order that meets more orders than it shows', () => {
  it('shows its first fills and that there are more, and lists all of them', async () => {
    const [seller, buyer] = [
      await desk.aTrader({ BTC: '1' }),
      await desk.aTrader({ USDT: '100000' }),
    ];
    await offerMany(seller, '60000');
    const placed = await take(buyer, '60000');
    expect(placed.fills).toHaveLength(MOST_SHOWN);
    expect(placed.hasMoreFills).toBe(true);
    const { order } = await buyer.request<{ order: Parts }>(ORDER, { id: placed.id });
    expect(order).toEqual({ ...placed, preventedMatches: [], hasMorePreventedMatches: false });
    const all = await pagesOf(buyer, placed.id, 'allFills');
    expect(new Set(all).size).toBe(MET);
    expect(all.toReversed().slice(0, MOST_SHOWN)).toEqual(order.fills.map(({ id }) => id));
  });

  it('does the same with its prevented matches', async () => {
    const trader = await desk.aTrader({ BTC: '1', USDT: '100000' });
    await offerMany(trader, '60000');
    const { id } = await take(trader, '60000');
    const { order } = await trader.request<{ order: Parts }>(ORDER, { id });
    expect(order.preventedMatches).toHaveLength(MOST_SHOWN);
    expect(order).toMatchObject({ hasMorePreventedMatches: true, fills: [], hasMoreFills: false });
    const all = await pagesOf(trader, id, 'allPreventedMatches');
    expect(new Set(all).size).toBe(MET);
    expect(all.toReversed().slice(0, MOST_SHOWN)).toEqual(
      order.preventedMatches.map((match) => match.id),
    );
  });

  it('has cursors that fit no list of another order', async () => {
    const trader = await desk.aTrader({ BTC: '1', USDT: '100000' });
    await offerMany(trader, '60000');
    const { id } = await take(trader, '60000');
    const { order } = await trader.request<Pages>(PAGES, { id, first: 1 });
    const { endCursor } = order.allPreventedMatches.pageInfo;
    const answer = await trader.send<Pages>(PAGES, { id, first: 1, fillsAfter: endCursor });
    expect(answer.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});
