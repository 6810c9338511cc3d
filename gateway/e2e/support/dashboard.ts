import { expect } from 'vitest';
import { type Desk } from './harness.ts';
import { PLACE_ORDER, type PlaceOrderAnswer, QUOTES } from './operations.ts';
import { limitOrder, marketOrder } from './order-inputs.ts';
import { poll } from './poll.ts';
import type { TraderClient } from './trader-client.ts';

/** The whole screen of a trader in one request. */
export const DASHBOARD = /* GraphQL */ `
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

/** What {@link DASHBOARD} answers. */
export interface Dashboard {
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

/** A trader with a position in two instruments, on a desk whose prices flow. */
export async function aTraderWithPositions(desk: Desk): Promise<TraderClient> {
  const trader = await desk.aTrader({ USDT: '1000000', BTC: '1' });
  // A price has come when the first frame has; only then can the market be bought at.
  const quotes = trader.subscribe(QUOTES, { symbols: ['BTC-USDT', 'ETH-USDT'] });
  await quotes.next();
  quotes.close();
  let tries = 0;
  const buy = async (symbol: string) => {
    const order = { accountId: trader.accountId, symbol, side: 'BUY', quantity: '0.01' } as const;
    const { placeOrder } = await trader.request<PlaceOrderAnswer>(
      PLACE_ORDER,
      marketOrder({ ...order, clientOrderId: `buy-${(tries += 1)}` }),
    );
    return placeOrder.__typename === 'OrderAccepted' && placeOrder.order.status === 'FILLED';
  };
  await poll(() => buy('BTC-USDT'));
  await poll(() => buy('ETH-USDT'));
  return trader;
}

/** Rests this many buy orders two percent under the market: inside the collar, out of the house's reach. */
export async function restOrders(
  trader: TraderClient,
  prefix: string,
  count: number,
): Promise<void> {
  const { instrument } = await trader.request<{ instrument: { markPrice: string } }>(
    'query { instrument(symbol: "BTC-USDT") { markPrice } }',
  );
  const limitPrice = `${(BigInt(instrument.markPrice.split('.')[0] ?? '0') * 98n) / 100n}.00`;
  const order = {
    accountId: trader.accountId,
    side: 'BUY',
    quantity: '0.001',
    limitPrice,
  } as const;
  for (let placed = 0; placed < count; placed += 1) {
    const { placeOrder } = await trader.request<PlaceOrderAnswer>(
      PLACE_ORDER,
      limitOrder({ ...order, clientOrderId: `${prefix}-${placed}` }),
    );
    expect(placeOrder).toMatchObject({
      __typename: 'OrderAccepted',
      order: { status: 'ACCEPTED' },
    });
  }
}
