import { describe, expect, it } from 'vitest';
import { instrumentUnits } from './instrument-units.ts';
import { anInstrument, price, quantity } from './test-orders.ts';

const units = instrumentUnits(anInstrument());

describe('ticks and steps', () => {
  it('are exact both ways', () => {
    expect(units.ticksOf(price('64000.01'))).toBe(6_400_001);
    expect(units.priceOf(6_400_001)).toBe(price('64000.01'));
    expect(units.stepsOf(quantity('0.12345'))).toBe(12_345);
    expect(units.quantityOf(12_345)).toBe(quantity('0.12345'));
  });

  it.each([
    ['off the tick', () => units.ticksOf(price('0.005'))],
    ['no price', () => units.ticksOf(price('0'))],
    ['more ticks than are exact', () => units.ticksOf(price('90071992547409.92'))],
    ['off the step', () => units.stepsOf(quantity('0.000001'))],
    ['no quantity', () => units.stepsOf(quantity('0'))],
  ])('refuse what is %s', (_, convert) => {
    expect(convert).toThrow('Invariant:');
  });

  it('reach to the last exact number', () => {
    expect(units.ticksOf(price('90071992547409.91'))).toBe(Number.MAX_SAFE_INTEGER);
  });
});
