import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccountId, UserId } from '#shared/domain/ids.ts';
import { MessageRate } from './message-rate.ts';
import { NOW_MS } from '../test-orders.ts';

const sender = (account: string, user: string | null) => ({
  accountId: account as AccountId,
  userId: user as UserId | null,
});
const [A, B] = [sender('a', null), sender('b', null)];

describe('the message rate', () => {
  it('takes exactly the limit at once, and one more with each share of the window', () => {
    const rate = new MessageRate({ most: 10, windowMs: 1000 });
    const take = (nowMs: number) => rate.take(A, nowMs)?.reason ?? 'taken';
    const first = Array.from({ length: 11 }, () => take(NOW_MS));
    expect(first).toEqual([...Array<string>(10).fill('taken'), 'RATE_LIMIT_EXCEEDED']);
    expect([take(NOW_MS + 100), take(NOW_MS + 100)]).toEqual(['taken', 'RATE_LIMIT_EXCEEDED']);
    expect(rate.take(A, NOW_MS + 100)).toMatchObject({
      rule: 'messageRate',
      limit: '10',
      actual: '11',
    });
    expect(rate.take(B, NOW_MS)).toBeNull();
  });

  it('says after how many milliseconds it takes one more, and not before', () => {
    for (const limit of [
      { most: 10, windowMs: 1000 },
      { most: 7, windowMs: 9999 },
      { most: 4000, windowMs: 1000 },
    ]) {
      const rate = new MessageRate(limit);
      for (let sent = 0; sent < limit.most; sent += 1) rate.take(A, NOW_MS);
      const waitMs = rate.take(A, NOW_MS)?.retryAfterMs ?? 0;
      expect(waitMs).toBeGreaterThan(0);
      expect(rate.take(A, NOW_MS + waitMs - 1)?.retryAfterMs).toBe(1);
      expect(rate.take(A, NOW_MS + waitMs)).toBeNull();
    }
  });

  it('counts a user on all accounts together, and an account for all its users', () => {
    const rate = new MessageRate({ most: 3, windowMs: 1000 });
    const take = (account: string, user: string) =>
      rate.take(sender(account, user), NOW_MS)?.reason ?? 'taken';
    expect(['a', 'b', 'c', 'd'].map((account) => take(account, 'olga'))).toEqual([
      ...Array<string>(3).fill('taken'),
      'RATE_LIMIT_EXCEEDED',
    ]);
    expect(['max', 'eva', 'tom'].map((user) => take('a', user))).toEqual([
      ...Array<string>(2).fill('taken'),
      'RATE_LIMIT_EXCEEDED',
    ]);
    // What was refused for one of the two was counted for neither.
    expect(rate.left(sender('d', 'tom'), NOW_MS)).toMatchObject({ remaining: 3 });
    expect(rate.left(sender('d', 'olga'), NOW_MS)).toMatchObject({ remaining: 0 });
    expect(rate.left(sender('a', 'tom'), NOW_MS)).toMatchObject({ remaining: 0 });
    expect(rate.left(sender('a', null), NOW_MS + 400)).toMatchObject({ remaining: 1 });
  });

  it('never takes more than twice the limit in any window', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 300 }), { maxLength: 100 }), (waits) => {
        const rate = new MessageRate({ most: 5, windowMs: 1000 });
        const taken: number[] = [];
        let now = NOW_MS;
        for (const wait of waits) {
          now += wait;
          if (rate.take(A, now) === null) taken.push(now);
        }
        for (const from of taken)
          expect(taken.filter((at) => at >= from && at < from + 1000).length).toBeLessThanOrEqual(
            10,
          );
      }),
    );
  });
});
