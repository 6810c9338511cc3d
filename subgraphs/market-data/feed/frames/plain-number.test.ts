import fc from 'fast-check';
import { expect, it } from 'vitest';
import { plainNumber } from './plain-number.ts';

it.each([
  ['8.23e-6', '0.00000823'],
  ['5E-06', '0.000005'],
  ['1e2', '100'],
  ['-1.50e+1', '-15.0'],
  ['0.5e-1', '0.05'],
  ['12.5', '12.5'],
  ['1e-400', '1e-400'],
  ['e5', 'e5'],
])('%s without an exponent is %s', (sent, plain) => expect(plainNumber(sent)).toBe(plain));

it('is the same number, and has no exponent', () => {
  const exponent = fc.integer({ min: -30, max: 30 });
  fc.assert(
    fc.property(fc.nat(), fc.nat({ max: 999 }), exponent, (whole, fraction, power) => {
      const sent = `${whole}.${fraction}e${power}`;
      expect(plainNumber(sent)).toMatch(/^(?:0|[1-9]\d*)(?:\.\d+)?$/);
      expect(Number(plainNumber(sent))).toBe(Number(sent));
    }),
  );
});
