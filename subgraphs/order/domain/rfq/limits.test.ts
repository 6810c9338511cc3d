import { describe, expect, it } from 'vitest';
import type { AccountId, UserId } from '#shared/domain/ids.ts';
import { money, price, quantity } from '../test-orders.ts';
import { creditRefusal, type Unsettled, unsettledAccept } from './credit.ts';
import { RequestRate } from './request-rate.ts';

const ANNA = 'anna' as AccountId;
const FROM_ANNA = { accountId: ANNA, userId: null };

describe('credit', () => {
  const limit = { gross: money('1000'), net: money('400') };
  const trade = (side: 'BUY' | 'SELL', notional: string): Unsettled => ({
    side,
    notional: money(notional),
  });
  const pending = (side: 'BUY' | 'SELL', notional: string): Unsettled => ({
    ...trade(side, notional),
    isPending: true,
  });
  const refused = (before: readonly Unsettled[], one: Unsettled) =>
    creditRefusal('client', limit, before, one, 2);

  it('is granted up to exactly its limits, gross and net', () => {
    expect(refused([], trade('BUY', '400'))).toBeNull();
    expect(refused([], trade('BUY', '400.01'))).toMatchObject({
      reason: 'CREDIT_LIMIT_EXCEEDED',
      ...{ rule: 'client.net', limit: '400.00', actual: '400.01' },
    });
    expect(refused([], trade('SELL', '400.01'))).toMatchObject({ rule: 'client.net' });
    const both = [trade('BUY', '300'), trade('SELL', '300')];
    expect(refused(both, trade('BUY', '400'))).toBeNull();
    expect(refused(both, trade('BUY', '400.01'))).toMatchObject({
      ...{ rule: 'client.gross', limit: '1000.00', actual: '1000.01' },
    });
  });

  it('counts a purchase with the slippage that it allows, and a sale at the accepted price', () => {
    const accept = { price: price('100'), quantity: quantity('3'), maxSlippageBps: 20 };
    expect(unsettledAccept({ ...accept, side: 'BUY' })).toEqual(pending('BUY', '300.6'));
    expect(unsettledAccept({ ...accept, side: 'SELL' })).toEqual(pending('SELL', '300'));
    expect(unsettledAccept({ ...accept, side: 'BUY', maxSlippageBps: 0 }).notional).toBe(
      money('300'),
    );
  });

  it.each(['BUY', 'SELL'] as const)(
    'gets no room for a sale or purchase by a %s that may still come to nothing',
    (side) => {
      const other = side === 'BUY' ? 'SELL' : 'BUY';
      expect(refused([pending(side, '300')], pending(other, '400'))).toBeNull();
      expect(refused([pending(side, '300')], pending(other, '400.01'))).toMatchObject({
        ...{ rule: 'client.net', actual: '400.01' },
      });
      expect(refused([trade(side, '300')], pending(other, '700'))).toBeNull();
    },
  );

  it('tells a client nothing of what other clients have traded with the desk', () => {
    const others = [trade('BUY', '123.45')];
    const refusal = creditRefusal('desk', limit, others, trade('BUY', '300'), 2);
    expect(refusal).toMatchObject({ rule: 'desk.net', limit: null, actual: null });
    expect(refusal?.message).not.toMatch(/\d/);
  });
});

describe('the rate of requests', () => {
  it('counts a request in every window, and a refused one in none', () => {
    const rate = new RequestRate([
      { most: 2, windowMs: 1000 },
      { most: 3, windowMs: 60_000 },
    ]);
    const left = (nowMs: number) => rate.left(FROM_ANNA, nowMs).map(({ remaining }) => remaining);
    expect(left(0)).toEqual([2, 3]);
    expect(rate.take(FROM_ANNA, 0)).toBeNull();
    expect(rate.take(FROM_ANNA, 0)).toBeNull();
    expect(rate.take(FROM_ANNA, 0)).toMatchObject({ reason: 'RATE_LIMIT_EXCEEDED', limit: '2' });
    expect(left(0)).toEqual([0, 1]);
    expect(rate.take(FROM_ANNA, 1000)).toBeNull();
    expect(rate.take(FROM_ANNA, 2000)).toMatchObject({ limit: '3' });
    // After a third of a minute one of three requests is available again.
    expect(left(21_000)).toEqual([2, 1]);
    expect(rate.take({ accountId: 'other' as AccountId, userId: null }, 2000)).toBeNull();
  });

  it.each([
    [[{ most: 2, windowMs: 1000 }]],
    [[{ most: 3, windowMs: 1000 }]],
    [
      [
        { most: 2, windowMs: 1000 },
        { most: 3, windowMs: 60_000 },
      ],
    ],
  ])('says after how long one more is accepted, with the windows %j', (windows) => {
    const rate = new RequestRate(windows);
    let nowMs = 0;
    for (let count = 0; count < 20; count += 1) {
      const waitMs = rate.take(FROM_ANNA, nowMs)?.retryAfterMs ?? null;
      if (waitMs === null) continue;
      expect(rate.take(FROM_ANNA, nowMs + waitMs - 1)).toMatchObject({ retryAfterMs: 1 });
      nowMs += waitMs;
      expect(rate.take(FROM_ANNA, nowMs)).toBeNull();
    }
    expect(nowMs).toBeGreaterThan(0);
  });

  it('counts the requests of a user on all accounts together', () => {
    const rate = new RequestRate([{ most: 2, windowMs: 1000 }]);
    const from = (account: string, user: string) => ({
      accountId: account as AccountId,
      userId: user as UserId,
    });
    expect(rate.take(from('anna', 'usr-1'), 0)).toBeNull();
    expect(rate.take(from('anna-2', 'usr-1'), 0)).toBeNull();
    expect(rate.left(from('anna-3', 'usr-1'), 0)).toMatchObject([{ remaining: 0 }]);
    expect(rate.take(from('anna-3', 'usr-1'), 0)).toMatchObject({ limit: '2' });
    expect(rate.take(from('anna-3', 'usr-2'), 0)).toBeNull();
  });
});
