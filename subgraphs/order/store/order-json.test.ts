import { describe, expect, it } from 'vitest';
import { denial } from '../domain/rules/order-denial.ts';
import type { RecordedOrder } from '../domain/order-event.ts';
import {
  cancelOrder,
  denyNewOrder,
  expireOrder,
  rejectOrder,
  submitOrder,
} from '../domain/order-progress.ts';
import type { Order } from '../domain/order.ts';
import { aNewOrder, anOpenOrder, NOW_MS, price } from '../domain/test-orders.ts';
import { orderOfJson, orderToJson } from './order-json.ts';
import { orderRowOf } from './order-row.ts';

const open = anOpenOrder('BUY', '64000', '0.5');
const asked = aNewOrder('SELL', '64000', '0.5');
const hold = open.hold ?? expect.fail('an open order has a hold');
const market = { orderType: 'MARKET', timeInForce: 'IOC' } as const;
const submitted = submitOrder(asked, hold, NOW_MS);
const refusal = denial('INSTRUMENT_NOT_FOUND', 'There is none.');
const ORDERS: readonly (readonly [string, Order])[] = [
  ['submitted', submitted],
  ['at the market', submitOrder({ ...asked, terms: market }, hold, NOW_MS)],
  ['denied before it had a hold', denyNewOrder(asked, [refusal], NOW_MS)],
  ['open', open],
  ['rejected', rejectOrder(open, 'POST_ONLY_WOULD_TAKE', NOW_MS, price('63999')).order],
  ['canceled before it was accepted', cancelOrder(submitted, 'USER_REQUEST', NOW_MS).order],
  ['expired', expireOrder(open, 'EXPIRE_TIME_REACHED', NOW_MS).order],
];

describe('the JSON of an order', () => {
  it.each(ORDERS)(
    'that is %s leaves out what is null, and is read as the same order',
    (_, made) => {
      const order: RecordedOrder = { ...made, createdSequence: 7n };
      const json = JSON.parse(JSON.stringify(orderToJson(order))) as object;
      expect(Object.values(json)).not.toContain(null);
      expect(orderOfJson(json)).toEqual(order);
    },
  );

  it('can also be read from an earlier build, which wrote nulls', () => {
    const order: RecordedOrder = { ...submitted, createdSequence: 7n };
    const json = JSON.parse(JSON.stringify(orderRowOf(order))) as object;
    expect(Object.values(json)).toContain(null);
    expect(orderOfJson(json)).toEqual(order);
  });

  it('is created once for each state of an order', () => {
    const order: RecordedOrder = { ...open, createdSequence: 7n };
    expect(orderToJson(order)).toBe(orderToJson(order));
  });
});
