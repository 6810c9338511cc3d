import diagnosticsChannel from 'node:diagnostics_channel';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desk, runsAsProcesses, startDesk } from './harness.ts';
import {
  limitOrder,
  marketOrder,
  PLACE_ORDER,
  type PlaceOrderAnswer,
  QUOTES,
} from './operations.ts';
import { poll } from './poll.ts';
import type { TraderClient } from './trader-client.ts';

const DASHBOARD = /* GraphQL */ `
  query Dashboard {
    viewer {
      name
      accounts {
        id
        balances {
          total
          asset {
            code
            name
            lastPrice
          }
        }
        orders(filter: { isOpen: true }, first: 50) {
          edges {
            node {
              clientOrderId
              status
              instrument {
                symbol
                quote {
                  bidPrice
                  askPrice
                  stale
                }
              }
            }
          }
        }
        positions {
          symbol
          quantity
          averageEntryPrice
          marketValue
          unrealizedPnl
          instrument {
            markPrice
          }
        }
      }
    }
  }
`;

interface Dashboard {
  readonly viewer: {
    readonly accounts: readonly {
      readonly balances: readonly {
        readonly asset: { readonly code: string; readonly lastPrice: string };
      }[];
      readonly orders: {
        readonly edges: readonly {
          readonly node: {
            readonly clientOrderId: string;
            readonly instrument: { readonly quote: { readonly bidPrice: string } };
          };
        }[];
      };
      readonly positions: readonly {
        readonly symbol: string;
        readonly quantity: string;
        readonly unrealizedPnl: string | null;
        readonly averageEntryPrice: string;
        readonly instrument: { readonly markPrice: string };
      }[];
    }[];
  };
}

describe('the dashboard query', () => {
  let desk: Desk;
  let trader: TraderClient;

  beforeAll(async () => {
    desk = await startDesk();
    trader = await desk.aTrader({ USDT: '1000000', BTC: '1' });
    // A price has come when the first frame has; only then can the market be bought at.
    const quotes = trader.subscribe(QUOTES, { symbols: ['BTC-USDT', 'ETH-USDT'] });
    await quotes.next();
    quotes.close();
    await poll(async () => (await buy('BTC-USDT')) && (await buy('ETH-USDT')));
  });
  afterAll(() => desk.stop());

  let orders = 0;
  const buy = async (symbol: string) => {
    const { placeOrder } = await trader.request<PlaceOrderAnswer>(
      PLACE_ORDER,
      marketOrder({
        accountId: trader.accountId,
        clientOrderId: `buy-${(orders += 1)}`,
        symbol,
        side: 'BUY',
        quantity: '0.01',
      }),
    );
    return placeOrder.__typename === 'OrderAccepted' && placeOrder.order.status === 'FILLED';
  };

  it('joins accounts, prices, orders and positions in one request', async () => {
    const price = await restingPrice();
    await rest(3, price);
    const { viewer } = await trader.request<Dashboard>(DASHBOARD);
    const [account] = viewer.accounts;
    expect(account?.balances.find(({ asset }) => asset.code === 'USDT')?.asset.lastPrice).toBe('1');
    expect(
      Number(account?.balances.find(({ asset }) => asset.code === 'BTC')?.asset.lastPrice),
    ).toBeGreaterThan(0);
    expect(account?.orders.edges.length).toBe(3);
    expect(account?.orders.edges[0]?.node.instrument.quote.bidPrice).toMatch(/^\d+\.\d+$/);
    const position = account?.positions.find(({ symbol }) => symbol === 'BTC-USDT');
    expect(position?.quantity).toBe('0.01000');
    expect(position?.unrealizedPnl).toMatch(/^-?\d+(\.\d+)?$/);
  });

  // Counted where they happen, which only works while all servers are in this process.
  it.skipIf(runsAsProcesses)(
    'costs the same calls and statements however many rows there are',
    async () => {
      const price = await restingPrice();
      await trader.request(DASHBOARD);
      const few = await countCalls(() => trader.request(DASHBOARD));
      await rest(25, price);
      const many = await countCalls(() => trader.request(DASHBOARD));
      expect(many).toEqual(few);
      expect(few.subgraphCalls).toBeLessThanOrEqual(8);
      expect(few.statements).toBeLessThanOrEqual(16);
    },
  );

  const restingPrice = async () => {
    const { instrument } = await trader.request<{ instrument: { markPrice: string } }>(
      'query { instrument(symbol: "BTC-USDT") { markPrice } }',
    );
    // Two per cent under the market: inside the collar, and out of the house's reach.
    return `${(BigInt(instrument.markPrice.split('.')[0] ?? '0') * 98n) / 100n}.00`;
  };
  const rest = async (count: number, limitPrice: string) => {
    for (let placed = 0; placed < count; placed += 1) {
      const { placeOrder } = await trader.request<PlaceOrderAnswer>(
        PLACE_ORDER,
        limitOrder({
          accountId: trader.accountId,
          clientOrderId: `rest-${(orders += 1)}`,
          side: 'BUY',
          quantity: '0.001',
          limitPrice,
        }),
      );
      expect(placeOrder).toMatchObject({
        __typename: 'OrderAccepted',
        order: { status: 'ACCEPTED' },
      });
    }
  };
});

/** Subgraph requests and SQL statements that one piece of work causes, by watching both clients. */
async function countCalls(
  work: () => Promise<unknown>,
): Promise<{ subgraphCalls: number; statements: number }> {
  const callsByRequest = new Map<string, number>();
  let statements = 0;
  const onRequest = (message: unknown) => {
    const { request } = message as { request: { headers: string | readonly string[] } };
    const id = /x-request-id[:,\s]+([^\s,]+)/i.exec(String(request.headers))?.[1];
    if (id !== undefined) callsByRequest.set(id, (callsByRequest.get(id) ?? 0) + 1);
  };
  const original = pg.Client.prototype.query;
  const counted = function (this: pg.Client, ...args: readonly unknown[]) {
    const text = typeof args[0] === 'string' ? args[0] : (args[0] as { text?: string })?.text;
    if (/^\s*(WITH|SELECT)\b/i.test(text ?? '')) statements += 1;
    return Reflect.apply(original, this, args) as unknown;
  };
  diagnosticsChannel.subscribe('undici:request:create', onRequest);
  pg.Client.prototype.query = counted as typeof original;
  try {
    await work();
  } finally {
    diagnosticsChannel.unsubscribe('undici:request:create', onRequest);
    pg.Client.prototype.query = original;
  }
  // A background refresh may fall into the same moment; it has a request id of its own.
  return { subgraphCalls: Math.max(...callsByRequest.values()), statements };
}
