import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccountId } from '#shared/domain/ids.ts';
import { startTestDesk, type TestDesk, until } from './test-desk.ts';
import { TestTrader } from './test-trader.ts';

const BOOK = /* GraphQL */ `
  query ($from: DateTime, $to: DateTime) {
    deskBook {
      __typename
      ... on DeskBook {
        positions {
          symbol
          inventory
          received
          breakEvenPrice
        }
      }
    }
    deskRfqStatistics(symbol: "BTC-USDT", from: $from, to: $to) {
      ... on DeskRfqStatistics {
        trading {
          boughtQuantity
          boughtNotional
          soldQuantity
          soldNotional
          realizedProfit
          fees
        }
      }
    }
  }
`;

interface Figures {
  readonly deskBook: { readonly __typename: string; readonly positions?: readonly object[] };
  readonly deskRfqStatistics: { readonly trading?: object };
}

describe('the book of the house', () => {
  let desk: TestDesk;
  let house: TestTrader;
  beforeAll(async () => {
    desk = await startTestDesk();
    house = new TestTrader(desk, 'house' as AccountId);
    desk.quote({ bids: [['100', '50']], asks: [['102', '50']] });
  });
  afterAll(() => desk.stop());
  const read = async (trader: TestTrader, period: Readonly<Record<string, string>> = {}) =>
    (await trader.query<Figures>(BOOK, period)).data;
  /** Again if there was nothing to trade with yet. */
  const fill = (trader: TestTrader, side: 'BUY' | 'SELL', quantity: string, price: string) =>
    until(
      () => trader.place(trader.limit(side, quantity, price, { timeInForce: 'IOC' })),
      ({ order }) => order.status === 'FILLED',
    );

  it('is of its trades with clients, and not of theirs with each other', async () => {
    const [anna, otto] = await Promise.all([
      desk.aTrader({ USDT: '100000', BTC: '100' }),
      desk.aTrader({ USDT: '100000', BTC: '100' }),
    ]);
    // From the house: three at 102, and two back to it at 100.
    await fill(anna, 'BUY', '3', '102');
    await fill(otto, 'SELL', '2', '100');
    // Between the two, inside the market.
    const resting = await anna.place(anna.limit('SELL', '7', '101'));
    expect(resting.order.status).toBe('ACCEPTED');
    await fill(otto, 'BUY', '7', '101');

    const now = Date.now();
    const at = (ms: number) => new Date(now + ms).toISOString();
    const period = { from: at(-3_600_000), to: at(3_600_000) };
    const { deskBook, deskRfqStatistics } = await read(house, period);
    expect(deskBook).toEqual({
      __typename: 'DeskBook',
      positions: [
        {
          ...{ symbol: 'BTC-USDT', inventory: '-1.00000', received: '106.00000000' },
          // Short of one for 106.
          breakEvenPrice: '106.00',
        },
      ],
    });
    expect(deskRfqStatistics.trading).toMatchObject({
      ...{ boughtQuantity: '2.00000', boughtNotional: '200.00000000' },
      ...{ soldQuantity: '3.00000', soldNotional: '306.00000000' },
      // Two of them, each bought at 100 and sold at 102.
      realizedProfit: '4.00000000',
    });
    const fees = [...(await feesOf(anna)), ...(await feesOf(otto))];
    const sum = fees.reduce((all, fee) => all + Number(fee), 0);
    expect(sum).toBeGreaterThan(0);
    expect(deskRfqStatistics.trading).toMatchObject({ fees: sum.toFixed(8) });
    expect(
      (await read(house, { from: at(60_000), to: at(120_000) })).deskRfqStatistics.trading,
    ).toEqual({
      ...{ boughtQuantity: '0.00000', boughtNotional: '0.00000000' },
      ...{ soldQuantity: '0.00000', soldNotional: '0.00000000' },
      ...{ realizedProfit: '0.00000000', fees: '0.00000000' },
    });
    expect((await read(anna)).deskBook).toEqual({ __typename: 'NotTheDesk' });
  });
});

async function feesOf(trader: TestTrader): Promise<readonly string[]> {
  const { data } = await trader.query<{
    orders: { edges: readonly { node: { fees: string } }[] };
  }>('query ($id: ID!) { orders(accountId: $id) { edges { node { fees } } } }', {
    id: trader.accountId,
  });
  return data.orders.edges.map(({ node }) => node.fees);
}
