import { Pool } from 'undici';
import { systemClock } from '#shared/domain/clock.ts';
import { parseApiKeyId, trusted } from '#shared/domain/ids.ts';
import type { PassportKey } from '#shared/identity/passport.ts';
import type { Trader } from '#shared/identity/viewer.ts';
import { SubgraphClient } from '#shared/subgraph/subgraph-client.ts';
import type { SeededTrader } from '../../prisma/account/test-seed-trader.ts';

const TIMEOUT_MS = 20_000;

/** An order of the workload. */
export interface BenchOrder {
  readonly clientOrderId: string;
  readonly side: 'BUY' | 'SELL';
  readonly quantity: string;
  readonly limitPrice: string;
}

/** A way to send orders. */
export interface Door {
  /** Places one order, and waits for the answer. @throws Error unless the order was accepted */
  place(trader: SeededTrader, order: BenchOrder): Promise<void>;
  /** Places many orders in one request. @throws Error unless all were accepted */
  placeAll(trader: SeededTrader, orders: readonly BenchOrder[]): Promise<void>;
  close(): Promise<void>;
}

const PLACE = /* GraphQL */ `
  mutation Place($input: PlaceOrderInput!) {
    placeOrder(input: $input) {
      __typename
      ... on OrderAccepted {
        order {
          id
          status
          filledQuantity
        }
      }
    }
  }
`;
const PLACE_ALL = /* GraphQL */ `
  mutation PlaceAll($input: PlaceOrdersInput!) {
    placeOrders(input: $input) {
      __typename
      ... on OrdersPlaced {
        results {
          __typename
          ... on OrderAccepted {
            order {
              id
              status
              filledQuantity
            }
          }
        }
      }
    }
  }
`;

interface Answer {
  readonly data?: {
    readonly placeOrder?: { readonly __typename: string };
    readonly placeOrders?: { readonly results?: readonly { readonly __typename: string }[] };
  };
}

type Ask = (trader: SeededTrader, query: string, variables: object) => Promise<unknown>;

/** Directly to the order subgraph, as the gateway calls it. */
export function subgraphDoor(url: string, key: PassportKey): Door {
  const client = new SubgraphClient({ name: 'order', url, passportKey: key }, systemClock);
  const ask: Ask = (trader, query, variables) =>
    client.request({
      query,
      variables: variables as Readonly<Record<string, unknown>>,
      viewer: viewerOf(trader),
      requestId: 'bench',
      timeoutMs: TIMEOUT_MS,
    });
  return doorOf(ask, () => client.close());
}

/** Through the gateway, as clients connect. */
export function gatewayDoor(url: string): Door {
  const pool = new Pool(url, { connections: 64 });
  const ask: Ask = async ({ apiKey }, query, variables) => {
    const response = await pool.request({
      path: '/graphql',
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': apiKey },
      body: JSON.stringify({ query, variables }),
    });
    return response.body.json();
  };
  return doorOf(ask, () => pool.close());
}

/** The only way to send orders to the plain implementation. */
export function plainDoor(url: string): Door {
  const pool = new Pool(url, { connections: 64 });
  const place = async ({ accountId }: SeededTrader, order: BenchOrder) => {
    const response = await pool.request({
      path: '/orders',
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ accountId, ...order }),
    });
    const text = await response.body.text();
    if (response.statusCode !== 200) throw new Error(`An order was not accepted: ${text}`);
  };
  return {
    place,
    placeAll: async (trader, orders) => {
      for (const order of orders) await place(trader, order);
    },
    close: () => pool.close(),
  };
}

function doorOf(ask: Ask, close: () => Promise<void>): Door {
  return {
    place: async (trader, order) => {
      const input = { accountId: trader.accountId, ...inputOf(order) };
      const answer = (await ask(trader, PLACE, { input })) as Answer;
      if (answer.data?.placeOrder?.__typename !== 'OrderAccepted') refuse(answer);
    },
    placeAll: async (trader, orders) => {
      const input = { accountId: trader.accountId, orders: orders.map(inputOf) };
      const answer = (await ask(trader, PLACE_ALL, { input })) as Answer;
      const results = answer.data?.placeOrders?.results ?? [];
      const accepted = results.filter(({ __typename }) => __typename === 'OrderAccepted');
      if (accepted.length !== orders.length) refuse(answer);
    },
    close,
  };
}

function refuse(answer: unknown): never {
  throw new Error(`An order was not accepted: ${JSON.stringify(answer).slice(0, 500)}`);
}

function inputOf({ clientOrderId, side, quantity, limitPrice }: BenchOrder) {
  const terms = { limit: { quantity, limitPrice } };
  return { clientOrderId, symbol: 'BTC-USDT', side, terms };
}

/** The viewer of a trader's requests. */
export function viewerOf({ userId, accountId }: SeededTrader): Trader {
  return {
    kind: 'trader',
    userId,
    credential: { kind: 'apiKey', keyId: trusted(parseApiKeyId, 'bench') },
    scopes: ['trade:read', 'trade:write', 'rfq:write'],
    accounts: [{ accountId, role: 'OWNER' }],
    expiresAt: null,
  };
}
