import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestDesk, type TestDesk, until } from './test-desk.ts';

// Orders that wait for a price or end by the clock, on real servers and stores.

const ORDER = /* GraphQL */ `
  query ($id: ID!) {
    order(id: $id) {
      orderType
      timeInForce
      status
      limitPrice
      triggerPrice
      triggerSource
      trailingOffset
      trailingOffsetType
      expireReason
      averageFillPrice
    }
  }
`;

const LAST_PRICE = /* GraphQL */ `
  query ($representations: [_Any!]!) {
    _entities(representations: $representations) {
      ... on Instrument {
        deskLastPrice
      }
    }
  }
`;

describe('waiting orders', () => {
  let desk: TestDesk;
  beforeAll(async () => {
    desk = await startTestDesk();
  });
  afterAll(() => desk.stop());

  const input = (accountId: string, clientOrderId: string, side: string, terms: object) => ({
    accountId,
    clientOrderId,
    symbol: 'BTC-USDT',
    side,
    terms,
  });
  const read = async (trader: Awaited<ReturnType<TestDesk['aTrader']>>, id: string) =>
    (await trader.query<{ order: Record<string, string | null> }>(ORDER, { id })).data.order;

  it('keep their trigger over a restart, and fill when the market reaches it', async () => {
    const trader = await desk.aTrader({ BTC: '1' });
    desk.quote({ bids: [['60000', '5']], asks: [['60001', '5']] });
    const terms = {
      stopMarket: { quantity: '0.1', triggerPrice: '59000', triggerSource: 'BID_ASK' },
    };
    const { order } = await trader.place(input(trader.accountId, 'stop', 'SELL', terms));
    expect(await read(trader, order.id)).toMatchObject({
      orderType: 'STOP_MARKET',
      timeInForce: 'GTC',
      status: 'ACCEPTED',
      triggerPrice: '59000.00',
      triggerSource: 'BID_ASK',
    });
    await desk.order.stop();
    await desk.order.start();
    desk.quote({ bids: [['59000', '5']], asks: [['59001', '5']] });
    await until(
      () => read(trader, order.id),
      ({ status }) => status === 'FILLED',
    );
    expect(await read(trader, order.id)).toMatchObject({ averageFillPrice: '59000.00' });
    await until(
      () => trader.balances(),
      ({ BTC }) => BTC === '0.9/0/0.9',
    );
  });

  it('know the last trade on the book over a restart, and wait behind it', async () => {
    const trader = await desk.aTrader({ BTC: '1' });
    desk.quote({ bids: [['60000', '5']], asks: [['60001', '5']] });
    await trader.place(trader.market('SELL', '0.1'));
    await desk.order.stop();
    await desk.order.start();
    desk.quote({ bids: [['59950', '5']], asks: [['60010', '5']] });
    const terms = {
      trailingStopMarket: {
        ...{ quantity: '0.1', trailingOffset: '100', trailingOffsetType: 'PRICE' },
        triggerSource: 'LAST_PRICE',
      },
    };
    const representations = [{ __typename: 'Instrument', symbol: 'BTC-USDT' }];
    expect((await trader.query(LAST_PRICE, { representations })).data).toEqual({
      _entities: [{ deskLastPrice: '60000.00' }],
    });
    const { order } = await trader.place(input(trader.accountId, 'last', 'SELL', terms));
    expect(await read(trader, order.id)).toMatchObject({
      ...{ status: 'ACCEPTED', triggerPrice: '59900.00' },
    });
  });

  it('trail the market', async () => {
    const trader = await desk.aTrader({ BTC: '1' });
    desk.quote({ bids: [['60000', '5']], asks: [['60001', '5']] });
    const terms = {
      trailingStopMarket: {
        quantity: '0.1',
        trailingOffset: '100',
        trailingOffsetType: 'BASIS_POINTS',
        triggerSource: 'BID_ASK',
      },
    };
    const { order } = await trader.place(input(trader.accountId, 'trail', 'SELL', terms));
    desk.quote({ bids: [['61000', '5']], asks: [['61001', '5']] });
    await until(
      () => read(trader, order.id),
      ({ triggerPrice }) => triggerPrice === '60390.00',
    );
  });

  it('end by the clock, and say so', async () => {
    const trader = await desk.aTrader({ USDT: '1000' });
    const at = new Date(Date.now() + 3000).toISOString();
    const terms = { expiringLimit: { quantity: '0.01', limitPrice: '58000', expires: { at } } };
    const { order } = await trader.place(input(trader.accountId, 'gtd', 'BUY', terms));
    expect(await read(trader, order.id)).toMatchObject({ orderType: 'LIMIT', timeInForce: 'GTD' });
    await until(
      () => read(trader, order.id),
      ({ expireReason }) => expireReason === 'EXPIRE_TIME_REACHED',
    );
    await until(
      () => trader.balances(),
      ({ USDT }) => USDT === '1000/0/1000',
    );
  });

  it('cannot be written with two lives, or with none', async () => {
    const trader = await desk.aTrader({ USDT: '1000' });
    const expires = { at: new Date().toISOString(), endOfDay: true };
    for (const wrong of [expires, {}, { endOfDay: false }]) {
      const terms = { expiringLimit: { quantity: '0.01', limitPrice: '50000', expires: wrong } };
      await expect(trader.place(input(trader.accountId, 'two', 'BUY', terms))).rejects.toThrow(
        'BAD_USER_INPUT',
      );
    }
  });
});
