import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectBalances } from './support/balances.ts';
import type { Desk } from './support/harness.ts';
import {
  BALANCE_CHANGED,
  type BalanceStreamMessage,
  CANCEL_ORDER,
  type CancelOrderAnswer,
  ORDER_EVENTS,
  type OrderStreamMessage,
  PLACE_ORDER,
  type PlaceOrderAnswer,
} from './support/operations.ts';
import { limitOrder } from './support/order-inputs.ts';
import { shareDesk } from './support/shared-desk.ts';

// The whole way of an order between two clients: hold, match, settlement, events. Nobody listens to
// market data here, so the feed does not begin and the house does not quote.
describe('an order between two clients', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await shareDesk('still');
  });
  afterAll(() => desk.stop());

  it('holds, fills at the resting price, settles to the last digit and tells both', async () => {
    const seller = await desk.aTrader({ BTC: '1' });
    const buyer = await desk.aTrader({ USDT: '100000' });
    const events = seller.subscribe<OrderStreamMessage>(ORDER_EVENTS, {
      accountId: seller.accountId,
    });
    expect(await events.next()).toMatchObject({ __typename: 'OrderSnapshot', openOrders: [] });

    const resting = await seller.request<PlaceOrderAnswer>(
      PLACE_ORDER,
      limitOrder({
        accountId: seller.accountId,
        clientOrderId: 's-1',
        side: 'SELL',
        quantity: '0.5',
        limitPrice: '60000',
      }),
    );
    expect(resting.placeOrder).toMatchObject({
      __typename: 'OrderAccepted',
      replayed: false,
      order: { status: 'ACCEPTED', leavesQuantity: '0.50000', averageFillPrice: null, fills: [] },
    });
    await expectBalances(seller, { BTC: '1/0.5/0.5' });

    const taken = await buyer.request<PlaceOrderAnswer>(
      PLACE_ORDER,
      limitOrder({
        accountId: buyer.accountId,
        clientOrderId: 'b-1',
        side: 'BUY',
        quantity: '0.2',
        limitPrice: '60010',
      }),
    );
    expect(taken.placeOrder).toMatchObject({
      __typename: 'OrderAccepted',
      order: {
        status: 'FILLED',
        filledQuantity: '0.20000',
        fills: [{ price: '60000.00', quantity: '0.20000', liquiditySide: 'TAKER' }],
      },
    });
    // 0.2 × 60,000 = 12,000; the taker pays 10 basis points, the maker 8.
    await expectBalances(buyer, { USDT: '87988/0/87988', BTC: '0.2/0/0.2' });
    await expectBalances(seller, { BTC: '0.8/0.3/0.5', USDT: '11990.4/0/11990.4' });

    const told: OrderStreamMessage[] = [];
    while (told.at(-1)?.type !== 'FILL') told.push(await events.nextChange());
    expect(
      told.map(({ type, sequence, previousSequence }) => ({ type, sequence, previousSequence })),
    ).toEqual([
      { type: 'SUBMITTED', sequence: '1', previousSequence: '0' },
      { type: 'ACCEPTED', sequence: '2', previousSequence: '1' },
      { type: 'FILL', sequence: '3', previousSequence: '2' },
    ]);
    expect(told[2]).toMatchObject({
      order: { status: 'PARTIALLY_FILLED' },
      fill: { price: '60000.00' },
    });
    events.close();
  });

  it('gives back what a canceled order held, and canceling it again changes nothing', async () => {
    const trader = await desk.aTrader({ USDT: '1000' });
    const { placeOrder } = await trader.request<PlaceOrderAnswer>(
      PLACE_ORDER,
      limitOrder({
        accountId: trader.accountId,
        clientOrderId: 'c-1',
        side: 'BUY',
        quantity: '0.01',
        limitPrice: '50000',
      }),
    );
    // 0.01 × 50,000 and the taker's fee on it.
    await expectBalances(trader, { USDT: '1000/500.5/499.5' });
    const cancel = { input: { accountId: trader.accountId, order: { id: placeOrder.order.id } } };
    const first = await trader.request<CancelOrderAnswer>(CANCEL_ORDER, cancel);
    expect(first.cancelOrder).toMatchObject({
      __typename: 'OrderCanceled',
      replayed: false,
      order: { status: 'CANCELED', cancelReason: 'USER_REQUEST' },
    });
    await expectBalances(trader, { USDT: '1000/0/1000' });
    const again = await trader.request<CancelOrderAnswer>(CANCEL_ORDER, cancel);
    expect(again.cancelOrder).toMatchObject({ __typename: 'OrderCanceled', replayed: true });
    await expectBalances(trader, { USDT: '1000/0/1000' });
  });

  it('streams every change of a balance with its cause', async () => {
    const trader = await desk.aTrader({ USDT: '1000' });
    const changes = trader.subscribe<BalanceStreamMessage>(BALANCE_CHANGED, {
      accountId: trader.accountId,
    });
    const snapshot = await changes.next();
    expect(snapshot.__typename).toBe('BalanceSnapshot');
    const { placeOrder } = await trader.request<PlaceOrderAnswer>(
      PLACE_ORDER,
      limitOrder({
        accountId: trader.accountId,
        clientOrderId: 'd-1',
        side: 'BUY',
        quantity: '0.01',
        limitPrice: '50000',
      }),
    );
    expect(await changes.nextChange()).toMatchObject({
      __typename: 'BalanceChange',
      cause: { type: 'HOLD_PLACED', orderId: placeOrder.order.id },
      previousSequence: snapshot.sequence,
      balances: [{ asset: { code: 'USDT' }, locked: '500.50000000', free: '499.50000000' }],
    });
    changes.close();
  });

  it('goes on after a cursor without a gap or a double', async () => {
    const trader = await desk.aTrader({ USDT: '1000' });
    const place = (clientOrderId: string) =>
      trader.request<PlaceOrderAnswer>(
        PLACE_ORDER,
        limitOrder({
          accountId: trader.accountId,
          clientOrderId,
          side: 'BUY',
          quantity: '0.001',
          limitPrice: '50000',
        }),
      );
    const first = trader.subscribe<OrderStreamMessage>(ORDER_EVENTS, {
      accountId: trader.accountId,
    });
    await first.next();
    await place('r-1');
    const seen = await first.nextChange();
    first.close();
    await place('r-2');
    const resumed = trader.subscribe<OrderStreamMessage>(ORDER_EVENTS, {
      accountId: trader.accountId,
      after: seen.cursor,
    });
    expect(await resumed.next()).toMatchObject({ __typename: 'StreamResumed', replayed: 3 });
    await place('r-3');
    const sequences: string[] = [];
    while (sequences.length < 5) sequences.push((await resumed.nextChange()).sequence);
    expect(sequences).toEqual(['2', '3', '4', '5', '6']);
    resumed.close();
  });

  it('takes an order over the socket as over HTTP', async () => {
    const trader = await desk.aTrader({ USDT: '1000' });
    const { data } = await trader.sendOverSocket<PlaceOrderAnswer>(
      PLACE_ORDER,
      limitOrder({
        accountId: trader.accountId,
        clientOrderId: 'w-1',
        side: 'BUY',
        quantity: '0.001',
        limitPrice: '50000',
      }),
    );
    expect(data?.placeOrder).toMatchObject({
      __typename: 'OrderAccepted',
      order: { status: 'ACCEPTED' },
    });
  });
});
