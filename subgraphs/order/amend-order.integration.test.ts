import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestDesk, type TestDesk, until } from './test-desk.ts';

const AMEND = /* GraphQL */ `
  mutation ($input: AmendOrderInput!) {
    amendOrder(input: $input) {
      __typename
      ... on OrderAmended {
        priorityKept
        replayed
        order {
          version
          status
          leavesQuantity
          amends {
            amendId
            quantityBefore
            quantityAfter
            limitPriceAfter
          }
        }
      }
      ... on AmendDenied {
        denial {
          reason
          nearestValid
        }
      }
    }
  }
`;

describe('amendOrder', () => {
  let desk: TestDesk;
  beforeAll(async () => {
    desk = await startTestDesk();
  });
  afterAll(() => desk.stop());

  it('is stored, is made once, and gives back what is not needed when the order ends', async () => {
    const trader = await desk.aTrader({ USDT: '1000' });
    const placed = await trader.place(trader.limit('BUY', '0.01', '50000'));
    const { id } = placed.order;
    const input = {
      accountId: trader.accountId,
      order: { id },
      amendId: 'first',
      changes: { quantity: '0.004' },
    };
    const amended = {
      __typename: 'OrderAmended',
      priorityKept: true,
      order: {
        version: 2,
        status: 'ACCEPTED',
        leavesQuantity: '0.00400',
        amends: [
          {
            amendId: 'first',
            quantityBefore: '0.01000',
            quantityAfter: '0.00400',
            limitPriceAfter: '50000.00',
          },
        ],
      },
    };
    expect((await trader.query(AMEND, { input })).data).toEqual({
      amendOrder: { ...amended, replayed: false },
    });
    await desk.order.stop();
    await desk.order.start();
    expect((await trader.query(AMEND, { input })).data).toEqual({
      amendOrder: { ...amended, replayed: true },
    });
    expect((await trader.cancel(id)).order?.status).toBe('CANCELED');
    await until(
      () => trader.balances(),
      ({ USDT }) => USDT === '1000/0/1000',
    );
  });

  it('tells a refused change, and nothing has changed', async () => {
    const trader = await desk.aTrader({ USDT: '1000' });
    const { order } = await trader.place(trader.limit('BUY', '0.01', '50000'));
    const input = {
      accountId: trader.accountId,
      order: { id: order.id },
      amendId: 'more',
      changes: { quantity: '0.02' },
    };
    expect((await trader.query(AMEND, { input })).data).toEqual({
      amendOrder: {
        __typename: 'AmendDenied',
        denial: { reason: 'NOTIONAL_EXCEEDS_FREE_BALANCE', nearestValid: '0.01000' },
      },
    });
    expect(await trader.balances()).toEqual({ USDT: '1000/500.5/499.5' });
  });
});
