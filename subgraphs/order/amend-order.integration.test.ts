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
      ... on AmendConflict {
        differingFields
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
    const other = { ...input, changes: { quantity: '0.005' } };
    expect((await trader.query(AMEND, { input: other })).data).toEqual({
      amendOrder: { __typename: 'AmendConflict', differingFields: ['quantity'] },
    });
    const own = { ...input, amendId: 'post-only' };
    expect((await trader.query(AMEND, { input: own })).data).toMatchObject({
      amendOrder: { denial: { reason: 'INVALID_CLIENT_ORDER_ID' } },
    });
    expect((await trader.cancel(id)).order?.status).toBe('CANCELED');
    expect((await trader.query(AMEND, { input: other })).data).toMatchObject({
      amendOrder: { __typename: 'AmendConflict' },
    });
    await until(
      () => trader.balances(),
      ({ USDT }) => USDT === '1000/0/1000',
    );
  });

  it('holds what a larger order needs more, and gives back at once what a smaller one does not', async () => {
    const trader = await desk.aTrader({ USDT: '2000' });
    const { order } = await trader.place(trader.limit('BUY', '0.01', '50000'));
    const change = (amendId: string, changes: object) =>
      trader.query(AMEND, {
        input: { accountId: trader.accountId, order: { id: order.id }, amendId, changes },
      });
    expect((await change('more', { quantity: '0.03', limitPrice: '50100' })).data).toMatchObject({
      amendOrder: {
        __typename: 'OrderAmended',
        priorityKept: false,
        order: { version: 2, status: 'ACCEPTED', leavesQuantity: '0.03000' },
      },
    });
    expect(await trader.balances()).toEqual({ USDT: '2000/1504.503/495.497' });
    await change('less', { quantity: '0.02' });
    await until(
      () => trader.balances(),
      ({ USDT }) => USDT === '2000/1003.002/996.998',
    );
    await trader.cancel(order.id);
    await until(
      () => trader.balances(),
      ({ USDT }) => USDT === '2000/0/2000',
    );
  });

  it('tells a refused change with what is free, and nothing has changed', async () => {
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
        denial: { reason: 'NOTIONAL_EXCEEDS_FREE_BALANCE', nearestValid: '0.01998' },
      },
    });
    expect(await trader.balances()).toEqual({ USDT: '1000/500.5/499.5' });
  });

  it('is made once the ledger answers again, and known by the amendId then', async () => {
    const trader = await desk.aTrader({ USDT: '2000' });
    const { order } = await trader.place(trader.limit('BUY', '0.01', '50000'));
    const input = {
      accountId: trader.accountId,
      order: { id: order.id },
      amendId: 'more',
      changes: { quantity: '0.02' },
    };
    await desk.account.stop();
    const unknown = await trader.query<{ amendOrder: { __typename: string } }>(AMEND, { input });
    expect(unknown.data.amendOrder.__typename).toBe('OrderOutcomeUnknown');
    // What was asked for is stored, and asked for again by the next process.
    await desk.order.stop();
    await desk.account.start();
    await desk.order.start();
    await until(
      () => trader.balances(),
      ({ USDT }) => USDT === '2000/1001/999',
    );
    expect((await trader.query(AMEND, { input })).data).toMatchObject({
      amendOrder: { __typename: 'OrderAmended', replayed: true },
    });
  });
});
