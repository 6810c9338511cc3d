import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestDesk, type TestDesk, until } from './test-desk.ts';
import type { TestTrader } from './test-trader.ts';

// How orders are matched beyond their terms, on real servers, stores and the real ledger.

const ORDER = /* GraphQL */ `
  query ($id: ID!) {
    order(id: $id) {
      status
      quantity
      filledQuantity
      leavesQuantity
      preventedQuantity
      quoteQuantity
      displayQuantity
      shownQuantity
      limitPrice
      requestedLimitPrice
      filledNotional
      fees
      cancelReason
      rejectReason
      expireReason
      preventedMatches {
        mode
        price
        takerOrderId
        makerOrderId
        takerPreventedQuantity
        makerPreventedQuantity
      }
    }
  }
`;
const PLACE = /* GraphQL */ `
  mutation ($input: PlaceOrderInput!) {
    placeOrder(input: $input) {
      __typename
      ... on OrderAccepted {
        order {
          id
        }
      }
      ... on OrderRejected {
        reason
        bestPrice
        nearestValid
        replayed
        rejectedOrder {
          id
        }
      }
    }
  }
`;

interface Placed {
  readonly placeOrder: {
    readonly __typename: string;
    readonly reason?: string;
    readonly replayed?: boolean;
    readonly order?: { readonly id: string };
    readonly rejectedOrder?: { readonly id: string };
  };
}

describe('matching instructions', () => {
  let desk: TestDesk;
  let maker: TestTrader;
  beforeAll(async () => {
    desk = await startTestDesk();
  });
  afterAll(() => desk.stop());
  beforeEach(async () => {
    maker = await desk.aTrader({ BTC: '100', USDT: '1000000' });
    // A market for what needs one, and a house that offers nothing near it.
    desk.quote({ bids: [['50000', '0.00001']], asks: [['50010', '0.00001']] });
  });

  const input = (trader: TestTrader, side: string, terms: object, more: object = {}) => ({
    accountId: trader.accountId,
    clientOrderId: trader.nextId(),
    symbol: 'BTC-USDT',
    side,
    terms,
    ...more,
  });
  const place = async (trader: TestTrader, ...order: [string, object, object?]) => {
    const { data } = await trader.query<Placed>(PLACE, { input: input(trader, ...order) });
    const id = data.placeOrder.order?.id ?? data.placeOrder.rejectedOrder?.id ?? '';
    return { ...data.placeOrder, id };
  };
  const read = async (trader: TestTrader, id: string) =>
    (await trader.query<{ order: Record<string, unknown> }>(ORDER, { id })).data.order;
  const rests = (trader: TestTrader, side: 'BUY' | 'SELL', quantity: string, limitPrice: string) =>
    place(trader, side, { limit: { quantity, limitPrice } });

  it('post-only is rejected where it would take, once, and gets all back', async () => {
    const trader = await desk.aTrader({ USDT: '1000' });
    const ask = await rests(maker, 'SELL', '0.01', '50001');
    const order = input(trader, 'BUY', {
      postOnly: { quantity: '0.01', limitPrice: '50001', mode: 'REJECT' },
    });
    const first = await trader.query<Placed>(PLACE, { input: order });
    expect(first.data.placeOrder).toMatchObject({
      __typename: 'OrderRejected',
      ...{ reason: 'POST_ONLY_WOULD_TAKE', bestPrice: '50001.00', nearestValid: '50000.99' },
      replayed: false,
    });
    const again = await trader.query<Placed>(PLACE, { input: order });
    expect(again.data.placeOrder).toEqual({ ...first.data.placeOrder, replayed: true });
    expect(await read(trader, first.data.placeOrder.rejectedOrder?.id ?? '')).toMatchObject({
      status: 'REJECTED',
      rejectReason: 'POST_ONLY_WOULD_TAKE',
      leavesQuantity: '0.00000',
    });
    await until(
      () => trader.balances(),
      ({ USDT }) => USDT === '1000/0/1000',
    );
    await maker.cancel(ask.id);
  });

  it('post-only is moved to one tick from the touch, holds less for it, and stands there after a restart', async () => {
    const trader = await desk.aTrader({ USDT: '1000' });
    const ask = await rests(maker, 'SELL', '0.01', '50001');
    const { id } = await place(trader, 'BUY', {
      postOnly: { quantity: '0.01', limitPrice: '50100', mode: 'REPRICE' },
    });
    expect(await read(trader, id)).toMatchObject({
      status: 'ACCEPTED',
      limitPrice: '50000.99',
      requestedLimitPrice: '50100.00',
    });
    await until(
      () => trader.balances(),
      ({ USDT }) => USDT === '1000/500.5099099/499.4900901',
    );
    await desk.order.stop();
    await desk.order.start();
    await rests(maker, 'SELL', '0.01', '50000.99');
    await until(
      () => read(trader, id),
      ({ status }) => status === 'FILLED',
    );
    await maker.cancel(ask.id);
  });

  it('an iceberg shows a part, goes behind others with each, and is the same after a restart', async () => {
    const other = await desk.aTrader({ BTC: '1' });
    const trader = await desk.aTrader({ USDT: '100000' });
    const ice = await place(maker, 'SELL', {
      iceberg: { quantity: '0.5', limitPrice: '50005', displayQuantity: '0.1' },
    });
    const plain = await rests(other, 'SELL', '0.2', '50005');
    await rests(trader, 'BUY', '0.15', '50005');
    expect(await read(maker, ice.id)).toMatchObject({
      filledQuantity: '0.10000',
      shownQuantity: '0.10000',
      displayQuantity: '0.10000',
    });
    expect(await read(other, plain.id)).toMatchObject({ filledQuantity: '0.05000' });
    await desk.order.stop();
    await desk.order.start();
    await rests(trader, 'BUY', '0.2', '50005');
    expect(await read(other, plain.id)).toMatchObject({ status: 'FILLED' });
    expect(await read(maker, ice.id)).toMatchObject({
      filledQuantity: '0.15000',
      shownQuantity: '0.05000',
    });
    await maker.cancel(ice.id);
  });

  it('a BUY by quote quantity costs no more than that, its fees included, and ends wholly done', async () => {
    const trader = await desk.aTrader({ USDT: '1000' });
    await rests(maker, 'SELL', '0.005', '50001');
    const ask = await rests(maker, 'SELL', '0.1', '50003');
    const { id } = await place(trader, 'BUY', { marketByQuote: { quoteQuantity: '999' } });
    const order = await read(trader, id);
    expect(order).toMatchObject({
      status: 'FILLED',
      quoteQuantity: '999.00000000',
      quantity: '0.01995',
      filledQuantity: '0.01995',
      // 0.005 at 50001, the rest at 50003.
      filledNotional: '997.54985000',
      fees: '0.99754985',
    });
    await until(
      () => trader.balances(),
      ({ USDT }) => USDT === '1.45260015/0/1.45260015',
    );
    await maker.cancel(ask.id);
  });

  it('a SELL by quote quantity brings what is asked for, up to one step', async () => {
    const trader = await desk.aTrader({ BTC: '1' });
    const bid = await rests(maker, 'BUY', '1', '49999');
    const { id } = await place(trader, 'SELL', {
      marketByQuote: { quoteQuantity: '25000', timeInForce: 'FOK' },
    });
    expect(await read(trader, id)).toMatchObject({
      status: 'FILLED',
      quantity: '0.50001',
      // One step at the house's 50000, the rest at 49999.
      filledNotional: '25000.00000000',
    });
    await maker.cancel(bid.id);
  });

  it('two orders of one account do not trade, what both lose comes free, and it is told', async () => {
    const trader = await desk.aTrader({ USDT: '10000', BTC: '1' });
    const resting = await rests(trader, 'SELL', '0.1', '50001');
    const { id } = await place(
      trader,
      'BUY',
      { limit: { quantity: '0.15', limitPrice: '50001' } },
      { selfTradePrevention: 'DECREMENT' },
    );
    const match = {
      mode: 'DECREMENT',
      price: '50001.00',
      takerOrderId: id,
      makerOrderId: resting.id,
      takerPreventedQuantity: '0.10000',
      makerPreventedQuantity: '0.10000',
    };
    expect(await read(trader, resting.id)).toMatchObject({
      status: 'CANCELED',
      cancelReason: 'SELF_TRADE_PREVENTION',
      preventedQuantity: '0.10000',
      preventedMatches: [match],
    });
    expect(await read(trader, id)).toMatchObject({
      status: 'ACCEPTED',
      leavesQuantity: '0.05000',
      preventedQuantity: '0.10000',
      preventedMatches: [match],
    });
    await until(
      () => trader.balances(),
      ({ USDT, BTC }) => USDT === '10000/2502.55005/7497.44995' && BTC === '1/0/1',
    );
    await trader.cancel(id);
  });

  it('a stop-limit order rests when its trigger is met, and is there after a restart', async () => {
    const trader = await desk.aTrader({ BTC: '1' });
    const { id } = await place(trader, 'SELL', {
      stopLimit: {
        quantity: '0.1',
        triggerPrice: '49900',
        limitPrice: '49950',
        triggerSource: 'BID_ASK',
        postOnly: 'REJECT',
      },
    });
    desk.quote({ bids: [['49899', '0.00001']], asks: [['49901', '0.00001']] });
    await until(
      () => read(trader, id),
      ({ status }) => status === 'TRIGGERED',
    );
    await desk.order.stop();
    await desk.order.start();
    await rests(maker, 'BUY', '0.1', '49950');
    expect(await read(trader, id)).toMatchObject({ status: 'FILLED' });
  });
});
