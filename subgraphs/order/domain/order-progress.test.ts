import { describe, expect, it } from 'vitest';
import { formatUnits } from '#shared/domain/decimal.ts';
import type { FillId, TradeId } from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { denial } from './rules/order-denial.ts';
import {
  cancelOrder,
  denyNewOrder,
  denySubmittedOrder,
  expireOrder,
  fillOrder,
  submitOrder,
} from './order-progress.ts';
import { holdFor } from './hold-amount.ts';
import { averageFillPrice, isClosed, isOpen, leavesQuantity, type OpenOrder } from './order.ts';
import { aNewOrder, anInstrument, anOpenOrder, NOW_MS, price, quantity } from './test-orders.ts';

const BTC_USDT = anInstrument();

function fill(order: OpenOrder, filled: string, at: string) {
  const ids = { fillId: 'f-1' as FillId, tradeId: 't-1' as TradeId };
  const part = { ...ids, price: price(at), quantity: quantity(filled) };
  return fillOrder(order, { ...part, liquiditySide: 'TAKER' }, BTC_USDT, NOW_MS + 5);
}

describe('a fill', () => {
  it('moves quantity, sums and hold, and leaves the rest open at its place', () => {
    const { order, fill: made } = fill(anOpenOrder('BUY', '100', '3'), '1', '99');
    expect(order.state).toEqual({
      status: 'PARTIALLY_FILLED',
      acceptedAt: NOW_MS + 1,
      priority: 1,
      shownQuantity: null,
    });
    expect([order.filledQuantity, leavesQuantity(order)]).toEqual([quantity('1'), quantity('2')]);
    expect([order.filledNotional, order.fees].map((sum) => formatUnits(sum))).toEqual([
      '99',
      '0.099',
    ]);
    expect(formatUnits(order.hold?.remaining ?? 0n)).toBe('200.2');
    expect(order.updatedAt).toBe(NOW_MS + 5);
    expect(made).toMatchObject({ orderId: 'o-1', side: 'BUY', liquiditySide: 'TAKER' });
  });

  it('that is the last one closes the order', () => {
    const { order } = fill(anOpenOrder('SELL', '100', '3'), '3', '100');
    expect(order.state).toEqual({
      status: 'FILLED',
      acceptedAt: NOW_MS + 1,
      closedAt: NOW_MS + 5,
    });
    expect(order.hold?.remaining).toBe(0n);
  });

  it('averages over all fills by their sums, rounded down at 18 digits', () => {
    const open = anOpenOrder('BUY', '100', '3');
    expect(averageFillPrice(open)).toBeNull();
    const { order } = fill(open, '1', '99');
    invariant(isOpen(order), 'two are left');
    expect(formatUnits(averageFillPrice(fill(order, '2', '100').order) ?? 0n)).toBe(
      '99.666666666666666666',
    );
  });

  it('of more than is left is a bug', () => {
    expect(() => fill(anOpenOrder('SELL', '100', '3'), '3.1', '100')).toThrow('Invariant:');
    expect(() => fill(anOpenOrder('BUY', '100', '3'), '3.1', '100')).toThrow('Invariant:');
  });
});

describe('the end of an order', () => {
  it('frees what its hold still has', () => {
    const { order } = fill(anOpenOrder('BUY', '100', '3'), '1', '99');
    const { order: canceled, isHeld } = cancelOrder(order, 'USER_REQUEST', NOW_MS + 9);
    expect([formatUnits(order.hold?.remaining ?? 0n), isHeld]).toEqual(['200.2', true]);
    expect(canceled.state).toEqual({
      status: 'CANCELED',
      cancelReason: 'USER_REQUEST',
      acceptedAt: NOW_MS + 1,
      closedAt: NOW_MS + 9,
    });
    expect([canceled.hold?.remaining, leavesQuantity(canceled)]).toEqual([0n, 0n]);
  });

  it('happens once', () => {
    const { order } = cancelOrder(anOpenOrder('BUY', '100', '3'), 'USER_REQUEST', NOW_MS);
    expect(() => cancelOrder(order, 'USER_REQUEST', NOW_MS)).toThrow('Invariant:');
    expect(() => expireOrder(order, 'UNFILLED_IOC_QUANTITY', NOW_MS)).toThrow('Invariant:');
  });

  it('of one that the book never took has no time of acceptance', () => {
    const hold = holdFor('BUY', price('100'), quantity('1'), BTC_USDT);
    const submitted = submitOrder(aNewOrder('BUY', '100', '1'), hold, NOW_MS);
    const { order, isHeld } = cancelOrder(submitted, 'USER_REQUEST', NOW_MS);
    expect(order.state).toMatchObject({ acceptedAt: null });
    expect(isHeld).toBe(true);
  });
});

describe('a denial', () => {
  const violations = [denial('ACCOUNT_BLOCKED', 'The account cannot trade.')] as const;

  it('before a hold was asked for leaves an order without one', () => {
    const order = denyNewOrder(aNewOrder('BUY', '100', '1'), violations, NOW_MS);
    expect(order.state).toEqual({ status: 'DENIED', violations, closedAt: NOW_MS });
    expect([order.hold, isClosed(order)]).toEqual([null, true]);
  });

  it('by a refused hold leaves nothing held', () => {
    const hold = holdFor('BUY', price('100'), quantity('1'), BTC_USDT);
    const submitted = submitOrder(aNewOrder('BUY', '100', '1'), hold, NOW_MS);
    const order = denySubmittedOrder(submitted, violations, NOW_MS + 1);
    expect([order.state.status, order.hold?.remaining]).toEqual(['DENIED', 0n]);
  });

  it('is too late once the book has the order', () => {
    const open = anOpenOrder('BUY', '100', '1');
    expect(() => denySubmittedOrder(open, violations, NOW_MS)).toThrow('Invariant:');
  });
});
