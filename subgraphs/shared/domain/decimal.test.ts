import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  divideDown,
  divideUp,
  formatUnits,
  ONE,
  parseUnits,
  SCALE,
  stepOfScale,
} from './decimal.ts';

const RUNS = { numRuns: 1000 };
/** Twenty digits before the point and eighteen behind it. */
const anyUnits = fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n });
const digits = (min: number, max: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: min, maxLength: max });

describe('reading and writing a decimal', () => {
  it('gives back every number, to the last digit', () => {
    fc.assert(
      fc.property(anyUnits, fc.integer({ min: 0, max: SCALE }), (units, scale) => {
        expect(parseUnits(formatUnits(units, scale))).toBe(units);
      }),
      RUNS,
    );
  });

  it('writes plain digits: no exponent, no sign but a minus, no minus on zero', () => {
    fc.assert(
      fc.property(anyUnits, (units) => {
        expect(formatUnits(units)).toMatch(/^(0|-?\d+(\.\d*[1-9])?)$/);
      }),
      RUNS,
    );
  });

  it('reads any spelling of a number as the same number', () => {
    fc.assert(
      fc.property(digits(1, 20), digits(1, 18), fc.boolean(), (whole, fraction, isNegative) => {
        const text = `${isNegative ? '-' : ''}${whole}.${fraction}`;
        const expected = BigInt(whole + fraction.padEnd(SCALE, '0'));
        expect(parseUnits(text)).toBe(isNegative ? -expected : expected);
      }),
      RUNS,
    );
  });

  it.each([
    ['0.00000001', 10n ** 10n],
    ['-0', 0n],
    ['007', 7n * ONE],
    ['0.000000000000000001', 1n],
  ])('reads %s exactly', (text, units) => expect(parseUnits(text)).toBe(units));

  it.each([
    '',
    '.',
    '.5',
    '1.',
    '+1',
    '--1',
    '1e-8',
    '1E5',
    '0x10',
    ' 1',
    '1 ',
    '1\n',
    '1,5',
    '1_000',
    'NaN',
    'Infinity',
    '١',
    '1.0000000000000000001',
    '123456789012345678901',
  ])('refuses %j', (text) => expect(parseUnits(text)).toBeNull());

  it.each([
    [15n * 10n ** 17n, 0, '1.5'],
    [15n * 10n ** 17n, 4, '1.5000'],
    [0n, 2, '0.00'],
    [-1n, 0, '-0.000000000000000001'],
    [10n ** 39n, 0, '1000000000000000000000'],
  ])('writes %s with a scale of %s as %s', (units, scale, text) =>
    expect(formatUnits(units, scale)).toBe(text),
  );
});

describe('dividing', () => {
  const positive = fc.bigInt({ min: 1n, max: 10n ** 38n });

  it('down and up enclose the true quotient', () => {
    fc.assert(
      fc.property(positive, positive, (numerator, divisor) => {
        const [down, up] = [divideDown(numerator, divisor), divideUp(numerator, divisor)];
        expect(down * divisor <= numerator && numerator <= up * divisor).toBe(true);
        expect(up - down).toBe(numerator % divisor === 0n ? 0n : 1n);
      }),
      RUNS,
    );
  });

  it('by zero is a bug of ours', () => {
    expect(() => divideDown(1n, 0n)).toThrow('Invariant');
    expect(() => divideUp(1n, 0n)).toThrow('Invariant');
  });
});

describe('the step of a scale', () => {
  it('is one for no digits and the smallest unit for eighteen', () => {
    expect([stepOfScale(0), stepOfScale(8), stepOfScale(SCALE)]).toEqual([ONE, 10n ** 10n, 1n]);
  });

  it.each([-1, 19, 1.5])('does not exist for %s digits', (scale) =>
    expect(() => stepOfScale(scale)).toThrow('Invariant'),
  );
});
