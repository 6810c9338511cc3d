import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestDesk, type TestDesk, until } from './test-desk.ts';
import type { TestTrader } from './test-trader.ts';

interface BatchAnswer {
  readonly __typename: string;
  readonly results?: readonly {
    readonly __typename: string;
    readonly replayed?: boolean;
    readonly order?: { readonly id: string; readonly status: string };
    readonly denial?: { readonly reason: string };
    readonly differingFields?: readonly string[];
  }[];
}

const PLACE_ORDERS = /* GraphQL */ `
  mutation ($input: PlaceOrdersInput!) {
    placeOrders(input: $input) {
      __typename
      ... on OrdersPlaced {
        results {
          __typename
          ... on OrderAccepted {
            replayed
            order {
              id
              status
            }
          }
          ... on OrderDenied {
            denial {
              reason
            }
          }
          ... on ClientOrderIdConflict {
            differingFields
          }
        }
      }
    }
  }
`;

describe('placeOrders', () => {
  let desk: TestDesk;
  beforeAll(async () => {
    desk = await startTestDesk();
  });
  afterAll(() => desk.stop());

  const send = (
    trader: TestTrader,
    orders: readonly object[],
    accountId = trader.accountId,
    more: object = {},
  ) =>
    trader.query<{ placeOrders: BatchAnswer } | null>(PLACE_ORDERS, {
      input: { accountId, orders, ...more },
    });
  const limit = (trader: TestTrader, ...args: Parameters<TestTrader['limit']>) => {
    const { accountId: _account, ...order } = trader.limit(...args);
    return order;
  };

  it('answers each order for itself, in the order of the input', async () => {
    const trader = await desk.aTrader({ USDT: '1000', BTC: '1' });
    const orders = [
      limit(trader, 'SELL', '0.01', '60000'),
      limit(trader, 'BUY', '0.01', '50000.005'),
      limit(trader, 'BUY', '1', '50000'),
      limit(trader, 'BUY', '0.01', '50000'),
    ];
    const { data } = await send(trader, orders);
    expect(data?.placeOrders.results).toMatchObject([
      { __typename: 'OrderAccepted', replayed: false, order: { status: 'ACCEPTED' } },
      { __typename: 'OrderDenied', denial: { reason: 'PRICE_OFF_TICK' } },
      { __typename: 'OrderDenied', denial: { reason: 'NOTIONAL_EXCEEDS_FREE_BALANCE' } },
      { __typename: 'OrderAccepted', replayed: false, order: { status: 'ACCEPTED' } },
    ]);
    expect(await trader.balances()).toEqual({ BTC: '1/0.01/0.99', USDT: '1000/500.5/499.5' });
  });

  it('denies each of them after the time that the batch names', async () => {
    const trader = await desk.aTrader({ BTC: '1' });
    const orders = ['60000', '61000'].map((price) => limit(trader, 'SELL', '0.01', price));
    const past = { validUntil: '2020-01-01T00:00:00Z' };
    const { data } = await send(trader, orders, trader.accountId, past);
    const late = { __typename: 'OrderDenied', denial: { reason: 'TOO_LATE' } };
    expect(data?.placeOrders.results).toEqual([late, late]);
  });

  it('takes them in order: what an earlier one left is what a later one meets', async () => {
    const [maker, taker] = [await desk.aTrader({ BTC: '3' }), await desk.aTrader({ USDT: '1000' })];
    const prices = ['55003', '55001', '55002'];
    await send(
      maker,
      prices.map((price) => limit(maker, 'SELL', '0.001', price)),
    );
    const orders = prices.map(() => limit(taker, 'BUY', '0.001', '55003', { timeInForce: 'IOC' }));
    const { data } = await send(taker, orders);
    const ids = data?.placeOrders.results?.map(({ order }) => order?.id ?? '') ?? [];
    const filled = await Promise.all(
      ids.map(async (id) => {
        const read = 'query ($id: ID!) { order(id: $id) { averageFillPrice } }';
        const answer = await taker.query<{ order: { averageFillPrice: string } }>(read, { id });
        return answer.data.order.averageFillPrice;
      }),
    );
    expect(filled).toEqual(['55001.00', '55002.00', '55003.00']);
    // 165.006 and ten basis points.
    await until(
      () => taker.balances(),
      ({ USDT }) => USDT === '834.828994/0/834.828994',
    );
  });

  it('takes a hundred, and the same hundred again as the first ones', async () => {
    const trader = await desk.aTrader({ USDT: '10000' });
    const orders = Array.from({ length: 100 }, () => limit(trader, 'BUY', '0.001', '50000'));
    const first = await send(trader, orders);
    expect(first.data?.placeOrders.results?.map(({ __typename }) => __typename)).toEqual(
      orders.map(() => 'OrderAccepted'),
    );
    const again = await send(trader, orders);
    expect(again.data?.placeOrders.results).toEqual(
      first.data?.placeOrders.results?.map((result) => ({ ...result, replayed: true })),
    );
    expect(await trader.balances()).toEqual({ USDT: '10000/5005/4995' });
  });

  it('knows one clientOrderId once, also twice in one batch', async () => {
    const trader = await desk.aTrader({ USDT: '1000' });
    const order = limit(trader, 'BUY', '0.001', '50000');
    const other = { ...order, side: 'SELL' };
    const { data } = await send(trader, [order, order, other]);
    expect(data?.placeOrders.results).toMatchObject([
      { __typename: 'OrderAccepted', replayed: false },
      { __typename: 'OrderAccepted', replayed: true },
      { __typename: 'ClientOrderIdConflict', differingFields: ['side'] },
    ]);
    expect(await trader.balances()).toEqual({ USDT: '1000/50.05/949.95' });
  });

  it.each([0, 101])('of %s orders is refused whole', async (count) => {
    const trader = await desk.aTrader({ USDT: '10000' });
    const { data, errors } = await send(
      trader,
      Array.from({ length: count }, () => limit(trader, 'BUY', '0.001', '50000')),
    );
    expect(data).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(await trader.balances()).toEqual({ USDT: '10000/0/10000' });
  });

  it('of an account that is not yours is one answer, and nothing is done', async () => {
    const [trader, victim] = [await desk.aTrader(), await desk.aTrader({ USDT: '1000' })];
    const { data } = await send(trader, [limit(trader, 'BUY', '0.001', '50000')], victim.accountId);
    expect(data?.placeOrders).toEqual({ __typename: 'AccountNotFound' });
    expect(await victim.balances()).toEqual({ USDT: '1000/0/1000' });
  });

  it('tells after each command of one operation what is so by then', async () => {
    const seller = await desk.aTrader({ BTC: '1' });
    const buyer = await desk.aTrader({ USDT: '100000' });
    await seller.place(seller.limit('SELL', '0.5', '60000'));
    const { data } = await buyer.query<Record<string, object>>(
      `mutation ($first: PlaceOrderInput!, $second: PlaceOrderInput!) {
        first: placeOrder(input: $first) { ...Held }
        second: placeOrder(input: $second) { ...Held }
      }
      fragment Held on OrderAccepted { order { account { positions { quantity } } } }`,
      { first: buyer.limit('BUY', '0.1', '60000'), second: buyer.limit('BUY', '0.2', '60000') },
    );
    const held = (quantity: string) => ({ order: { account: { positions: [{ quantity }] } } });
    expect(data).toMatchObject({ first: held('0.10000'), second: held('0.30000') });
  });
});
