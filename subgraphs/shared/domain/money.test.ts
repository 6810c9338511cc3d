import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ONE } from './decimal.ts';
import { feeOn, formatMoney, type Money, moneyOfUnits, notional, parseMoney } from './money.ts';
import { formatPrice, midPrice, parsePrice, type Price, priceOfUnits } from './price.ts';
import { parseQuantity, type Quantity, quantityOfUnits } from './quantity.ts';

const RUNS = { numRuns: 1000 };
const price = (text: string) => parsePrice(text) as Price;
const quantity = (text: string) => parseQuantity(text) as Quantity;

describe('notional', () => {
  it('is exact to the last digit where a double is not', () => {
    const value = notional(price('123456789012.12'), quantity('98765.123456'));
    expect(formatMoney(value)).toBe('12193225008263376.08028672');
  });

  it('loses nothing while the scales of price and quantity add up to eighteen at most', () => {
    const counts = fc.bigInt({ min: 1n, max: 10n ** 12n });
    fc.assert(
      fc.property(counts, counts, fc.integer({ min: 0, max: 9 }), (ticks, steps, scale) => {
        const unit = ONE / 10n ** BigInt(scale);
        const value = notional(priceOfUnits(ticks * unit), quantityOfUnits(steps * unit));
        expect(value * 10n ** BigInt(2 * scale)).toBe(ticks * steps * ONE);
      }),
      RUNS,
    );
  });
});

describe('a fee', () => {
  it.each([
    ['640', '0.001', 8, '0.64'],
    ['640.12345678', '0.001', 8, '0.64012346'],
    ['0.00000001', '0.0008', 8, '0.00000001'],
    ['100', '0', 8, '0'],
    ['0', '0.001', 8, '0'],
  ])('on %s at a rate of %s with %s digits is %s', (amount, rate, scale, fee) => {
    const charged = feeOn(parseMoney(amount) as Money, parseMoney(rate) as bigint, scale);
    expect(formatMoney(charged)).toBe(fee);
  });

  it('is never short, never a whole step too much, and always on the step', () => {
    const amounts = fc.bigInt({ min: 0n, max: 10n ** 30n });
    const rates = fc.bigInt({ min: 0n, max: ONE });
    fc.assert(
      fc.property(amounts, rates, fc.integer({ min: 0, max: 18 }), (amount, rate, scale) => {
        const step = 10n ** BigInt(18 - scale);
        const fee = feeOn(moneyOfUnits(amount), rate, scale);
        expect(fee % step).toBe(0n);
        expect(fee * ONE >= amount * rate).toBe(true);
        expect((fee - step) * ONE < amount * rate || fee === 0n).toBe(true);
      }),
      RUNS,
    );
  });
});

describe('prices and quantities', () => {
  it.each(['0', '-1', '1e5', ''])('no price is %j', (text) => expect(parsePrice(text)).toBeNull());
  it.each(['-0.1', '1e5', ''])('no quantity is %j', (text) =>
    expect(parseQuantity(text)).toBeNull(),
  );

  it('may be no quantity at all', () => expect(parseQuantity('0')).toBe(0n));

  it('lie with their middle between them', () => {
    expect(formatPrice(midPrice(price('100.01'), price('100.02')), 2)).toBe('100.015');
  });
});

describe('the types', () => {
  it('do not mix', () => {
    // @ts-expect-error a quantity is no price
    const wrongPrice: Price = quantity('1');
    // @ts-expect-error a bare number of units is no money
    const wrongMoney: Money = 1n;
    // @ts-expect-error price times quantity, in this order
    const wrongNotional = notional(quantity('1'), price('2'));
    expect([wrongPrice, wrongMoney, wrongNotional]).toHaveLength(3);
  });
});
