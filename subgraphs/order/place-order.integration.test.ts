import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AccountId } from '#shared/domain/ids.ts';
import { startTestDesk, type TestDesk, until } from './test-desk.ts';
import { TestTrader } from './test-trader.ts';

// The order subgraph with the real account subgraph beside it: every balance is exact to the digit.
describe('placeOrder', () => {
  let desk: TestDesk;
  beforeAll(async () => {
    desk = await startTestDesk();
  });
  afterAll(() => desk.stop());
  beforeEach(() => desk.quote({}));

  it('holds, fills at the resting price, and settles to the last digit', async () => {
    const seller = await desk.aTrader({ BTC: '1' });
    const buyer = await desk.aTrader({ USDT: '100000' });
    const resting = await seller.place(seller.limit('SELL', '0.5', '60000'));
    expect(resting).toMatchObject({
      __typename: 'OrderAccepted',
      replayed: false,
      order: { status: 'ACCEPTED', leavesQuantity: '0.50000', averageFillPrice: null, fills: [] },
    });
    expect(await seller.balances()).toEqual({ BTC: '1/0.5/0.5' });
    const taken = await buyer.place(buyer.limit('BUY', '0.2', '60010'));
    expect(taken.order).toMatchObject({
      status: 'FILLED',
      averageFillPrice: '60000.00',
      filledNotional: '12000.00000000',
      fees: '12.00000000',
      fills: [
        { price: '60000.00', quantity: '0.20000', fee: '12.00000000', liquiditySide: 'TAKER' },
      ],
    });
    // 12,000 and 10 basis points for the taker, 8 for the maker; what 60,010 held too much is free.
    await until(
      () => buyer.balances(),
      ({ USDT }) => USDT === '87988/0/87988',
    );
    expect(await buyer.balances()).toEqual({ USDT: '87988/0/87988', BTC: '0.2/0/0.2' });
    expect(await seller.balances()).toEqual({ BTC: '0.8/0.3/0.5', USDT: '11990.4/0/11990.4' });
    const canceled = await seller.cancel(resting.order.id);
    expect(canceled).toMatchObject({
      __typename: 'OrderCanceled',
      replayed: false,
      order: { status: 'CANCELED', cancelReason: 'USER_REQUEST', leavesQuantity: '0.00000' },
    });
    await until(
      () => seller.balances(),
      ({ BTC }) => BTC === '0.8/0/0.8',
    );
    expect(await seller.cancel(resting.order.id)).toMatchObject({ replayed: true });
    expect(await buyer.cancel(taken.order.id)).toMatchObject({
      __typename: 'OrderNotCancelable',
      order: { status: 'FILLED' },
    });
  });

  it("denies an order of the desk's own account, which would trade with itself", async () => {
    const house = new TestTrader(desk, 'house' as AccountId);
    const placed = await house.place(house.limit('BUY', '0.1', '60000'));
    expect(placed).toMatchObject({
      __typename: 'OrderDenied',
      denial: { reason: 'ACCOUNT_BLOCKED' },
    });
  });

  it('takes the older of two orders at one price first, and rests what is left', async () => {
    const [first, second] = [await desk.aTrader({ BTC: '1' }), await desk.aTrader({ BTC: '1' })];
    const older = await first.place(first.limit('SELL', '0.3', '61000'));
    const younger = await second.place(second.limit('SELL', '0.3', '61000'));
    const buyer = await desk.aTrader({ USDT: '100000' });
    const taken = await buyer.place(buyer.limit('BUY', '0.7', '61000'));
    expect(taken.order).toMatchObject({
      status: 'PARTIALLY_FILLED',
      filledQuantity: '0.60000',
      leavesQuantity: '0.10000',
    });
    expect(taken.order.fills).toHaveLength(2);
    for (const [trader, { order }] of [
      [first, older],
      [second, younger],
    ] as const) {
      const { data } = await trader.query('query ($id: ID!) { order(id: $id) { status } }', {
        id: order.id,
      });
      expect(data).toEqual({ order: { status: 'FILLED' } });
    }
    // What rests needs 0.1 × 61,000 and the taker's rate on it, for nobody knows how it will fill.
    await until(
      () => buyer.balances(),
      ({ USDT }) => USDT === '63363.4/6106.1/57257.3',
    );
    await buyer.cancel(taken.order.id);
  });

  it('refuses orders while the instrument does not trade at its venue', async () => {
    const market: Parameters<typeof desk.quote>[0] = {
      asks: [['50000', '1']],
      bids: [['49999', '1']],
    };
    const buyer = await desk.aTrader({ USDT: '100000' });
    desk.quote({ ...market, status: 'HALTED' });
    const refused = await buyer.place(buyer.market('BUY', '0.3'));
    expect(refused.denial).toMatchObject({ reason: 'INSTRUMENT_NOT_TRADING', rule: 'status' });
    desk.quote(market);
    const { order } = await buyer.place(buyer.market('BUY', '0.3'));
    expect(order).toMatchObject({ status: 'FILLED' });
  });

  it('fills at the house when nobody else is nearer, as far as the house goes', async () => {
    desk.quote({
      asks: [
        ['50000', '0.1'],
        ['50001', '0.1'],
      ],
      bids: [['49999', '1']],
    });
    const buyer = await desk.aTrader({ USDT: '100000' });
    const { order } = await buyer.place(buyer.market('BUY', '0.3'));
    expect(order).toMatchObject({
      status: 'EXPIRED',
      expireReason: 'UNFILLED_IOC_QUANTITY',
      filledQuantity: '0.20000',
      filledNotional: '10000.10000000',
      fees: '10.00010000',
    });
    await until(
      () => buyer.balances(),
      ({ USDT }) => USDT === '89989.8999/0/89989.8999',
    );
    expect(await buyer.balances()).toMatchObject({ BTC: '0.2/0/0.2' });
    const again = await buyer.place(buyer.market('BUY', '0.1'));
    expect(again.order).toMatchObject({
      status: 'EXPIRED',
      expireReason: 'INSUFFICIENT_LIQUIDITY',
    });
  });

  it('lets the house take a resting order when the market moves through it', async () => {
    const buyer = await desk.aTrader({ USDT: '10000' });
    const { order } = await buyer.place(buyer.limit('BUY', '0.1', '48000'));
    desk.quote({ asks: [['48000.01', '1']], bids: [['47000', '1']] });
    desk.quote({ asks: [['47990', '0.04']], bids: [['47000', '1']] });
    const read = () =>
      buyer.query<{ order: { filledQuantity: string } }>(
        'query ($id: ID!) { order(id: $id) { filledQuantity fills { price fee liquiditySide } } }',
        { id: order.id },
      );
    const { data } = await until(read, (answer) => answer.data.order.filledQuantity === '0.04000');
    expect(data.order).toMatchObject({
      fills: [{ price: '48000.00', fee: '1.53600000', liquiditySide: 'MAKER' }],
    });
    desk.quote({ asks: [['47990', '5']], bids: [['47000', '1']] });
    await until(read, (answer) => answer.data.order.filledQuantity === '0.10000');
    // 4,800 and 8 basis points.
    await until(
      () => buyer.balances(),
      ({ USDT }) => USDT === '5196.16/0/5196.16',
    );
  });

  it('denies an order that is too dear, with what is free, and holds nothing', async () => {
    const trader = await desk.aTrader({ USDT: '1000' });
    expect(await trader.place(trader.limit('BUY', '0.1', '50000'))).toMatchObject({
      __typename: 'OrderDenied',
      deniedOrder: { status: 'DENIED', leavesQuantity: '0.00000' },
      denial: {
        reason: 'NOTIONAL_EXCEEDS_FREE_BALANCE',
        limit: '1000.00000000',
        actual: '5005.00000000',
      },
    });
    expect(await trader.balances()).toEqual({ USDT: '1000/0/1000' });
  });

  it('denies by the fixed order of checks and tells all that is wrong', async () => {
    const trader = await desk.aTrader({ USDT: '1000' });
    const denied = await trader.place(trader.limit('BUY', '0.000015', '50000.005'));
    expect(denied).toMatchObject({
      __typename: 'OrderDenied',
      denial: { reason: 'PRICE_OFF_TICK' },
    });
    expect(denied.violations?.map(({ reason }) => reason)).toEqual([
      'PRICE_OFF_TICK',
      'QUANTITY_OFF_STEP',
      'NOTIONAL_BELOW_MINIMUM',
    ]);
  });

  it.each([
    ['an unknown symbol', { symbol: 'NOPE-USDT' }, 'INSTRUMENT_NOT_FOUND', true],
    ['a malformed symbol', { symbol: 'btc/usdt' }, 'INSTRUMENT_NOT_FOUND', false],
    ['a malformed clientOrderId', { clientOrderId: 'no spaces' }, 'INVALID_CLIENT_ORDER_ID', false],
  ])('denies %s', async (_name, change, reason, isStored) => {
    const trader = await desk.aTrader({ USDT: '1000' });
    const answer = await trader.place(trader.limit('BUY', '0.01', '50000', change));
    expect(answer).toMatchObject({ __typename: 'OrderDenied', denial: { reason } });
    expect(answer.deniedOrder !== null).toBe(isStored);
  });

  it('denies a market order without a price, and on a stale one', async () => {
    const trader = await desk.aTrader({ USDT: '1000' });
    const noPrice = await trader.place(trader.market('BUY', '0.001'));
    expect(noPrice.denial).toMatchObject({ reason: 'MARKET_PRICE_UNAVAILABLE' });
    desk.quote({ asks: [['50000', '1']], receivedAtMs: Date.now() - 660_000 });
    const stale = await trader.place(trader.market('BUY', '0.001'));
    expect(stale.denial).toMatchObject({ reason: 'QUOTE_STALE', rule: 'maxQuoteAgeMs' });
  });

  it('answers an absent account and someone else’s alike', async () => {
    const [mine, other] = [await desk.aTrader({ USDT: '10' }), await desk.aTrader({ USDT: '10' })];
    for (const accountId of ['absent', 'no such', other.accountId]) {
      const answer = await mine.place({ ...mine.limit('BUY', '1', '50000'), accountId });
      expect(answer).toEqual({ __typename: 'AccountNotFound' });
    }
  });

  describe('with a clientOrderId that was used', () => {
    it('replays the same order as it is now, compared as numbers', async () => {
      const trader = await desk.aTrader({ USDT: '1000' });
      const input = trader.limit('BUY', '0.01', '50000', { clientOrderId: 'same' });
      const first = await trader.place(input);
      await trader.cancel(first.order.id);
      const again = await trader.place(
        trader.limit('BUY', '0.0100', '50000.00', { clientOrderId: 'same' }),
      );
      expect(again).toMatchObject({
        __typename: 'OrderAccepted',
        replayed: true,
        order: { id: first.order.id, status: 'CANCELED' },
      });
    });

    it('replays a denial, also after what it lacked has come', async () => {
      const trader = await desk.aTrader({ USDT: '1' });
      const input = trader.limit('BUY', '0.01', '50000');
      const first = await trader.place(input);
      const again = await trader.place(input);
      expect(again).toEqual({ ...first, replayed: true });
    });

    it('replays what was accepted until a time after it, whatever time the repetition names', async () => {
      const trader = await desk.aTrader({ USDT: '1000' });
      const input = trader.limit('BUY', '0.01', '50000');
      const inTime = { ...input, validUntil: new Date(Date.now() + 60_000).toISOString() };
      const first = await trader.place(inTime);
      const past = { validUntil: '2020-01-01T00:00:00Z' };
      expect(await trader.place({ ...input, ...past })).toEqual({ ...first, replayed: true });
      expect(await trader.place(input)).toEqual({ ...first, replayed: true });
      const late = { ...trader.limit('BUY', '0.01', '50000'), ...past };
      const denied = await trader.place(late);
      expect(denied.denial).toMatchObject({ reason: 'TOO_LATE', rule: 'validUntil' });
      expect(await trader.place({ ...late, validUntil: inTime.validUntil })).toEqual({
        ...denied,
        replayed: true,
      });
    });

    it('names what differs in a conflict, and does nothing', async () => {
      const trader = await desk.aTrader({ USDT: '2000' });
      const clientOrderId = 'conflict';
      const first = await trader.place(trader.limit('BUY', '0.01', '50000', { clientOrderId }));
      const other = await trader.place({
        ...trader.limit('SELL', '0.02', '50000', { clientOrderId, timeInForce: 'IOC' }),
      });
      expect(other).toMatchObject({
        __typename: 'ClientOrderIdConflict',
        differingFields: ['side', 'quantity', 'timeInForce'],
        existing: { id: first.order.id },
      });
      expect(await trader.balances()).toEqual({ USDT: '2000/500.5/1499.5' });
    });

    it('makes one order and one hold of fifty twins', async () => {
      const trader = await desk.aTrader({ USDT: '100000' });
      const input = trader.limit('BUY', '0.01', '50000', { clientOrderId: 'twin' });
      const answers = await Promise.all(Array.from({ length: 50 }, () => trader.place(input)));
      expect(new Set(answers.map(({ order }) => order.id)).size).toBe(1);
      expect(answers.filter(({ replayed }) => replayed === false)).toHaveLength(1);
      expect(answers.every(({ order }) => order.status === 'ACCEPTED')).toBe(true);
      expect(await trader.balances()).toEqual({ USDT: '100000/500.5/99499.5' });
    });
  });

  it('lets a burst of orders of one account each have their own answer', async () => {
    const trader = await desk.aTrader({ USDT: '100000' });
    const answers = await Promise.all(
      Array.from({ length: 120 }, () => trader.place(trader.limit('BUY', '0.001', '40000'))),
    );
    expect(answers.every(({ __typename }) => __typename === 'OrderAccepted')).toBe(true);
    // 120 × (40 + 0.04)
    expect(await trader.balances()).toEqual({ USDT: '100000/4804.8/95195.2' });
    await Promise.all(answers.map(({ order }) => trader.cancel(order.id)));
    await until(
      () => trader.balances(),
      ({ USDT }) => USDT === '100000/0/100000',
    );
  });
});
