import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readBalances } from './support/balances.ts';
import type { Desk } from './support/harness.ts';
import { PLACE_ORDER, type PlaceOrderAnswer } from './support/operations.ts';
import { limitOrder, marketOrder } from './support/order-inputs.ts';
import { shareDesk } from './support/shared-desk.ts';
import type { TraderClient } from './support/trader-client.ts';

// Every bad input has its own typed answer, and changes nothing.
describe('a bad order', () => {
  let desk: Desk;
  let trader: TraderClient;
  let orders = 0;
  const limit = (change: Partial<Parameters<typeof limitOrder>[0]>) =>
    limitOrder({
      accountId: trader.accountId,
      clientOrderId: `bad-${(orders += 1)}`,
      side: 'BUY',
      quantity: '0.01',
      limitPrice: '50000',
      ...change,
    });

  beforeAll(async () => {
    desk = await shareDesk('still');
    trader = await desk.aTrader({ USDT: '1000' });
  });
  afterAll(() => desk.stop());

  it.each([
    ['an unknown symbol', { symbol: 'NOPE-USDT' }, { reason: 'INSTRUMENT_NOT_FOUND' }],
    [
      'a price off the tick',
      { limitPrice: '50000.005' },
      { reason: 'PRICE_OFF_TICK', rule: 'tickSize', limit: '0.01', nearestValid: '50000.00' },
    ],
    [
      'a quantity off the lot',
      { quantity: '0.010001' },
      {
        reason: 'QUANTITY_OFF_STEP',
        rule: 'quantityStep',
        limit: '0.00001',
        nearestValid: '0.01000',
      },
    ],
    ['a quantity of zero', { quantity: '0' }, { reason: 'QUANTITY_BELOW_MINIMUM' }],
    [
      'a value under the minimum',
      { quantity: '0.00002' },
      { reason: 'NOTIONAL_BELOW_MINIMUM', rule: 'minNotional' },
    ],
    ['a price of zero', { limitPrice: '0' }, { reason: 'PRICE_NOT_POSITIVE' }],
    [
      'more than is free',
      { quantity: '0.1' },
      { reason: 'NOTIONAL_EXCEEDS_FREE_BALANCE', limit: '1000.00000000', actual: '5005.00000000' },
    ],
    [
      'a malformed clientOrderId',
      { clientOrderId: 'no spaces' },
      { reason: 'INVALID_CLIENT_ORDER_ID' },
    ],
  ])('with %s is denied, with the rule and the values', async (_name, change, denial) => {
    const { placeOrder } = await trader.request<PlaceOrderAnswer>(PLACE_ORDER, limit(change));
    expect(placeOrder).toMatchObject({ __typename: 'OrderDenied', denial });
    expect(await readBalances(trader)).toEqual({ USDT: '1000/0/1000' });
  });

  it('at the market is denied while there is no price', async () => {
    const { placeOrder } = await trader.request<PlaceOrderAnswer>(
      PLACE_ORDER,
      marketOrder({
        accountId: trader.accountId,
        clientOrderId: 'm-1',
        side: 'BUY',
        quantity: '0.01',
      }),
    );
    expect(placeOrder).toMatchObject({
      __typename: 'OrderDenied',
      denial: { reason: 'MARKET_PRICE_UNAVAILABLE' },
    });
  });

  it('for an account that is not there or not yours is answered alike', async () => {
    const other = await desk.aTrader({ USDT: '1000' });
    for (const accountId of ['absent', other.accountId]) {
      const { placeOrder } = await trader.request<PlaceOrderAnswer>(
        PLACE_ORDER,
        limit({ accountId }),
      );
      expect(placeOrder).toEqual({ __typename: 'AccountNotFound', accountId });
    }
    expect(await readBalances(other)).toEqual({ USDT: '1000/0/1000' });
  });

  it.each(['1e3', '1e400', 'NaN', '-0', '-1', '０.1', '0.123456789', '', ' 1', '0x10'])(
    'with the malformed decimal %j is refused before anything happens',
    async (quantity) => {
      const { errors } = await trader.send(PLACE_ORDER, limit({ quantity }));
      expect(errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
    },
  );

  it('with ten thousand digits, or with a number where a text must be, is refused as well', async () => {
    const { errors } = await trader.send(PLACE_ORDER, limit({ quantity: '9'.repeat(10_000) }));
    expect(errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
    const number = limit({ quantity: 9_007_199_254_740_993 as never });
    const { errors: ofNumber } = await trader.send(PLACE_ORDER, number);
    expect(ofNumber?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
  });

  it('that is sent again is the first order again; another body under its id is a conflict', async () => {
    const order = limit({ clientOrderId: 'twice' });
    const first = await trader.request<PlaceOrderAnswer>(PLACE_ORDER, order);
    const again = await trader.request<PlaceOrderAnswer>(
      PLACE_ORDER,
      limit({ clientOrderId: 'twice', limitPrice: '50000.00' }),
    );
    expect(again.placeOrder).toMatchObject({
      replayed: true,
      order: { id: first.placeOrder.order.id },
    });
    const other = await trader.request<PlaceOrderAnswer>(
      PLACE_ORDER,
      limit({ clientOrderId: 'twice', quantity: '0.02', side: 'BUY' }),
    );
    expect(other.placeOrder).toMatchObject({
      __typename: 'ClientOrderIdConflict',
      differingFields: ['quantity'],
      existing: { id: first.placeOrder.order.id },
    });
    expect(await readBalances(trader)).toEqual({ USDT: '1000/500.5/499.5' });
  });

  it('by nobody, or by a key that may not trade, is refused by its code', async () => {
    const { errors } = await desk.anonymous().send(PLACE_ORDER, limit({}));
    expect(errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED');
  });
});

describe('a subgraph', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await shareDesk('still');
  });
  afterAll(() => desk.stop());

  it.each(['account', 'market-data', 'order'] as const)(
    'named %s answers nobody without a passport, whatever is asked',
    async (name) => {
      for (const query of [
        '{_service{sdl}}',
        '{__typename}',
        '{_entities(representations:[]){__typename}}',
      ]) {
        const response = await fetch(`${desk.subgraphs[name]}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-user-id': 'someone' },
          body: JSON.stringify({ query }),
        });
        expect(response.status).toBe(401);
      }
    },
  );
});
