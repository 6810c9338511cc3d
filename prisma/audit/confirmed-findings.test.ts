import { describe, expect, it } from 'vitest';
import { confirmedFindings } from './confirmed-findings.ts';

const finding = (check: string, subject: string, detail: string) => ({ check, subject, detail });

describe('a second look', () => {
  it('confirms a broken rule of one store, also on an account that never rests', () => {
    const [first, second] = [
      [finding('balances', 'house USDT', 'the balance is 101, its entries sum to 100')],
      [finding('balances', 'house USDT', 'the balance is 205, its entries sum to 204')],
    ];
    expect(confirmedFindings(first, second)).toEqual(second);
  });

  it('confirms no difference between the stores that has changed, and nothing that is gone or new', () => {
    const first = [
      finding('settlements', 'alice USDT', 'fills come to 1, settlements come to 2'),
      finding('holds', 'order-1', 'the order needs 5, the hold has 4'),
      finding('fills', 'order-2', 'other'),
    ];
    const second = [
      finding('settlements', 'alice USDT', 'fills come to 2, settlements come to 3'),
      finding('holds', 'order-1', 'the order needs 5, the hold has 4'),
      finding('fills', 'order-3', 'other'),
    ];
    expect(confirmedFindings(first, second)).toEqual([second[1]]);
  });
});
