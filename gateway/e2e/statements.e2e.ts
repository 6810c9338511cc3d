import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectBalances } from './support/balances.ts';
import type { Desk } from './support/harness.ts';
import { PLACE_ORDER, type PlaceOrderAnswer } from './support/operations.ts';
import { limitOrder } from './support/order-inputs.ts';
import { shareDesk } from './support/shared-desk.ts';

// What two subgraphs say of one period, in one query: they know of each other's figures.
const STATEMENTS = /* GraphQL */ `
  query ($id: ID!, $from: DateTime, $to: DateTime) {
    account(id: $id) {
      balances {
        asset {
          code
        }
        total
      }
      statement(from: $from, to: $to) {
        __typename
        ... on AccountStatement {
          assets {
            asset {
              code
              scale
            }
            openingBalance
            closingBalance
            sums {
              type
              credits
              debits
            }
          }
        }
      }
      tradingStatement(from: $from, to: $to) {
        __typename
        ... on TradingStatement {
          instruments {
            instrument {
              priceScale
            }
            symbol
            boughtQuantity
            boughtNotional
            volume
            fees
          }
        }
      }
    }
  }
`;

describe('the statements of an account', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await shareDesk('still');
  });
  afterAll(() => desk.stop());

  it('tell of one trade the same', async () => {
    const [seller, buyer] = [
      await desk.aTrader({ BTC: '1' }),
      await desk.aTrader({ USDT: '1000' }),
    ];
    for (const [trader, side] of [
      [seller, 'SELL'],
      [buyer, 'BUY'],
    ] as const) {
      const { accountId } = trader;
      const order = { accountId, clientOrderId: 'one', quantity: '0.01', limitPrice: '60000' };
      await trader.request<PlaceOrderAnswer>(PLACE_ORDER, limitOrder({ ...order, side }));
    }
    await expectBalances(buyer, { BTC: '0.01/0/0.01', USDT: '399.4/0/399.4' });

    const variables = { id: buyer.accountId };
    const { data, errors } = await buyer.send(STATEMENTS, variables);
    expect(errors).toBeUndefined();
    const [zero, paid, fee] = ['0.00000000', '600.00000000', '0.60000000'];
    expect(data).toEqual({
      account: {
        balances: [
          { asset: { code: 'BTC' }, total: '0.01000000' },
          { asset: { code: 'USDT' }, total: '399.40000000' },
        ],
        statement: {
          __typename: 'AccountStatement',
          assets: [
            {
              asset: { code: 'BTC', scale: 8 },
              ...{ openingBalance: zero, closingBalance: '0.01000000' },
              sums: [{ type: 'TRADE', credits: '0.01000000', debits: zero }],
            },
            {
              asset: { code: 'USDT', scale: 8 },
              ...{ openingBalance: zero, closingBalance: '399.40000000' },
              sums: [
                { type: 'DEPOSIT', credits: '1000.00000000', debits: zero },
                { type: 'TRADE', credits: zero, debits: paid },
                { type: 'FEE', credits: zero, debits: fee },
              ],
            },
          ],
        },
        tradingStatement: {
          __typename: 'TradingStatement',
          instruments: [
            {
              ...{ instrument: { priceScale: 2 }, symbol: 'BTC-USDT', boughtQuantity: '0.01000' },
              ...{ boughtNotional: paid, volume: paid, fees: fee },
            },
          ],
        },
      },
    });
  });

  it('are nothing of an account that is somebody else’s', async () => {
    const [one, other] = [await desk.aTrader({ USDT: '1' }), await desk.aTrader()];
    const { data } = await other.send(STATEMENTS, { id: one.accountId });
    expect(data).toEqual({ account: null });
  });
});
