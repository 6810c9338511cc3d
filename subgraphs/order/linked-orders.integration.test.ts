// Exits of a BUY on the real ledger: what it bought is settled first, then held for the exit, and sold once.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestDesk, type TestDesk, until } from './test-desk.ts';
import type { TestTrader } from './test-trader.ts';

interface ExitView {
  readonly id: string;
  readonly side: string;
  readonly quantity: string;
  readonly limitPrice: string;
  readonly status: string;
  readonly parentOrderId: string | null;
  readonly averageFillPrice: string | null;
  readonly stopLeg: { readonly triggerPrice: string; readonly triggeredAt: string | null } | null;
}

const ORDERS = /* GraphQL */ `
  query ($id: ID!) {
    orders(accountId: $id) {
      edges {
        node {
          id
          side
          quantity
          limitPrice
          status
          parentOrderId
          averageFillPrice
          stopLeg {
            triggerPrice
            triggeredAt
          }
        }
      }
    }
  }
`;
const MOVE_STOP = /* GraphQL */ `
  mutation ($input: AmendOrderInput!) {
    amendOrder(input: $input) {
      ... on OrderAmended {
        priorityKept
        order {
          stopLeg {
            triggerPrice
            limitPrice
            triggeredAt
          }
          amends {
            stopLimitPriceBefore
            stopLimitPriceAfter
          }
        }
      }
    }
  }
`;
const BRACKET = {
  bracket: { takeProfitPrice: '52000', stop: { triggerPrice: '48000', limitPrice: '47000' } },
};

describe('a BUY with a bracket', () => {
  let desk: TestDesk;
  beforeAll(async () => {
    desk = await startTestDesk();
  });
  afterAll(() => desk.stop());
  beforeEach(() => desk.quote({ bids: [['46000', '1']], asks: [['54000', '1']] }));

  const exitOf = async (trader: TestTrader, parentId: string) => {
    const read = async () => {
      const { data } = await trader.query<{ orders: { edges: { node: ExitView }[] } }>(ORDERS, {
        id: trader.accountId,
      });
      return data.orders.edges
        .map(({ node }) => node)
        .find(({ parentOrderId }) => parentOrderId === parentId);
    };
    return (await until(
      read,
      (exit) => exit !== undefined && exit.status !== 'SUBMITTED',
    )) as ExitView;
  };
  /** Somebody buys 0.01 at 50,000 with the bracket behind it. */
  const bought = async () => {
    const seller = await desk.aTrader({ BTC: '0.01' });
    const buyer = await desk.aTrader({ USDT: '600' });
    await seller.place(seller.limit('SELL', '0.01', '50000'));
    const order = { ...buyer.limit('BUY', '0.01', '50000'), exit: BRACKET };
    const { order: parent } = await buyer.place(order);
    expect(parent).toMatchObject({ status: 'FILLED' });
    return { buyer, parent, order, exit: await exitOf(buyer, parent.id) };
  };
  const trades = async (price: string) => {
    const [one, other] = [await desk.aTrader({ BTC: '1' }), await desk.aTrader({ USDT: '100000' })];
    await one.place(one.limit('SELL', '0.001', price));
    await other.place(other.limit('BUY', '0.001', price));
  };

  it('sells what was bought at the take-profit price, and then needs nothing more', async () => {
    const { buyer, order, exit } = await bought();
    expect(exit).toMatchObject({
      ...{ side: 'SELL', quantity: '0.01000', limitPrice: '52000.00', status: 'ACCEPTED' },
      stopLeg: { triggerPrice: '48000.00', triggeredAt: null },
    });
    expect(await buyer.balances()).toMatchObject({ BTC: '0.01/0.01/0' });
    expect(await buyer.place(order)).toMatchObject({ replayed: true });
    const taker = await desk.aTrader({ USDT: '1000' });
    await taker.place(taker.limit('BUY', '0.01', '52000'));
    await until(
      () => buyer.balances(),
      ({ BTC }) => BTC === '0/0/0',
    );
    // 600 - 500 - 0.5 taker fee, then 520 less 0.416 maker fee.
    expect(await buyer.balances()).toMatchObject({ USDT: '619.084/0/619.084' });
  });

  it('sells at the stop where that was moved to, and is protected meanwhile', async () => {
    const { buyer, parent, exit } = await bought();
    const input = {
      accountId: buyer.accountId,
      order: { id: exit.id },
      amendId: 'up',
      changes: { triggerPrice: '49000', stopLimitPrice: '48000' },
    };
    const { data } = await buyer.query(MOVE_STOP, { input });
    const leg = { triggerPrice: '49000.00', limitPrice: '48000.00', triggeredAt: null };
    const amend = { stopLimitPriceBefore: '47000.00', stopLimitPriceAfter: '48000.00' };
    expect(data).toEqual({
      amendOrder: { priorityKept: true, order: { stopLeg: leg, amends: [amend] } },
    });
    await desk.order.stop();
    await desk.order.start();
    desk.quote({ bids: [['46000', '1']], asks: [['54000', '1']] });
    const catcher = await desk.aTrader({ USDT: '1000' });
    await catcher.place(catcher.limit('BUY', '0.01', '48500'));
    await trades('48900');
    const sold = await until(
      () => exitOf(buyer, parent.id),
      ({ status }) => status === 'FILLED',
    );
    expect(sold).toMatchObject({ averageFillPrice: '48500.00' });
  });

  it('sells at the stop when the market falls, and never both', async () => {
    const { buyer, parent } = await bought();
    const catcher = await desk.aTrader({ USDT: '1000' });
    await catcher.place(catcher.limit('BUY', '0.01', '47500'));
    await trades('47900');
    const exit = await until(
      () => exitOf(buyer, parent.id),
      ({ status }) => status === 'FILLED',
    );
    expect(exit).toMatchObject({ averageFillPrice: '47500.00' });
    expect(exit.stopLeg?.triggeredAt).not.toBeNull();
    await until(
      () => buyer.balances(),
      ({ BTC }) => BTC === '0/0/0',
    );
    // 600 - 500 - 0.5, then 475 less 0.475 taker fee.
    expect(await buyer.balances()).toMatchObject({ USDT: '574.025/0/574.025' });
    const late = await desk.aTrader({ USDT: '1000' });
    const { order } = await late.place(late.limit('BUY', '0.01', '52000', { timeInForce: 'IOC' }));
    expect(order).toMatchObject({ status: 'EXPIRED', filledQuantity: '0.00000' });
  });

  it('waits for its exit while its account is frozen, and no longer once that is closed', async () => {
    const seller = await desk.aTrader({ BTC: '0.01' });
    const buyer = await desk.aTrader({ USDT: '1200' });
    const set = (change: string) =>
      desk.databases.account.sql(`UPDATE accounts SET ${change} WHERE id = $1`, [buyer.accountId]);
    const { order: parent } = await buyer.place({
      ...buyer.limit('BUY', '0.02', '50000'),
      exit: BRACKET,
    });
    await seller.place(seller.limit('SELL', '0.01', '50000'));
    await set(`trading_state = 'HALTED', frozen_at = now(), freeze_reason = 'dispute'`);
    await buyer.cancel(parent.id);
    // Nothing is held any more; what is left would be transferred before it is closed.
    await until(
      () => buyer.balances(),
      ({ BTC, USDT }) => BTC === '0.01/0/0.01' && USDT?.split('/')[1] === '0',
    );
    await set('closed_at = now(), frozen_at = NULL, freeze_reason = NULL');
    expect(await exitOf(buyer, parent.id)).toMatchObject({ status: 'DENIED' });
  });
});
