import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatUnits } from '#shared/domain/decimal.ts';
import { feeOn, moneyOfUnits, notional } from '#shared/domain/money.ts';
import { priceOfUnits } from '#shared/domain/price.ts';
import { quantityOfUnits } from '#shared/domain/quantity.ts';
import { holdAmount, holdFor, settleHold } from './hold-amount.ts';
import { anInstrument, price, quantity, units } from './test-orders.ts';

const BTC_USDT = anInstrument();

describe('a hold', () => {
  it('is worst price × quantity and the taker fee for a BUY, rounded up', () => {
    const hold = holdFor('BUY', price('64000.01'), quantity('0.12345'), BTC_USDT);
    expect(hold.asset).toBe('USDT');
    expect(formatUnits(hold.placed)).toBe('7908.70203574'); // 7900.8012345 + 7.90080124
    expect(hold.remaining).toBe(hold.placed);
  });

  it('is the quantity for a SELL, whose fee comes from the proceeds', () => {
    const hold = holdFor('SELL', price('64000'), quantity('0.12345'), BTC_USDT);
    expect([hold.asset, formatUnits(hold.placed)]).toEqual(['BTC', '0.12345']);
  });

  it('calculates with the maker rate where that is the higher', () => {
    const dear = anInstrument({ makerFeeRate: units('0.002') });
    expect(formatUnits(holdFor('BUY', price('100'), quantity('1'), dear).placed)).toBe('100.2');
  });
});

describe('a fill', () => {
  const hold = holdFor('BUY', price('100'), quantity('2'), BTC_USDT);

  it('frees at once what a better price saved, fee included', () => {
    const [part, leavesAfter] = [quantity('0.5'), quantity('1.5')];
    const use = {
      price: price('90'),
      quantity: part,
      leavesAfter,
      liquiditySide: 'TAKER',
    } as const;
    const { fee, settled, released, hold: after } = settleHold('BUY', hold, use, 8);
    expect([fee, settled, released, after.remaining].map((amount) => formatUnits(amount))).toEqual([
      '0.045',
      '45.045',
      '5.005',
      '150.15',
    ]);
  });

  it('frees what the maker rate saved', () => {
    const [part, leavesAfter] = [quantity('2'), quantity('0')];
    const use = {
      price: price('100'),
      quantity: part,
      leavesAfter,
      liquiditySide: 'MAKER',
    } as const;
    const { fee, released, hold: after } = settleHold('BUY', hold, use, 8);
    expect([fee, released, after.remaining].map((amount) => formatUnits(amount))).toEqual([
      '0.16',
      '0.04',
      '0',
    ]);
  });

  it('settles the quantity of a SELL and frees nothing, whatever the price', () => {
    const sold = holdFor('SELL', price('100'), quantity('2'), BTC_USDT);
    const [part, leavesAfter] = [quantity('0.5'), quantity('1.5')];
    const use = {
      price: price('110'),
      quantity: part,
      leavesAfter,
      liquiditySide: 'TAKER',
    } as const;
    const { fee, settled, released, hold: after } = settleHold('SELL', sold, use, 8);
    expect([fee, settled, released, after.remaining].map((amount) => formatUnits(amount))).toEqual([
      '0.055',
      '0.5',
      '0',
      '1.5',
    ]);
  });

  it.each([
    ['BUY', '100.01'],
    ['SELL', '99.99'],
  ] as const)('is a bug when a %s trades at %s, worse than 100', (side, at) => {
    const placed = holdFor(side, price('100'), quantity('2'), BTC_USDT);
    const [part, leavesAfter] = [quantity('1'), quantity('1')];
    const use = { price: price(at), quantity: part, leavesAfter, liquiditySide: 'TAKER' } as const;
    expect(() => settleHold(side, placed, use, 8)).toThrow(`Invariant: a ${side} fills at`);
  });

  it('is rounded down where earlier parts at the limit have paid for the rounding', () => {
    // 3 × 0.33333333 is one unit less than 1 rounded up once, and 3 rounded up are two more.
    const third = anInstrument({ takerFeeRate: units('0.333333333333333333'), quoteScale: 2 });
    let rest = holdFor('BUY', price('1'), quantity('3'), third);
    const fees = [2n, 1n, 0n].map((leaves) => {
      const leavesAfter = quantityOfUnits(leaves * units('1'));
      const use = { price: price('1'), quantity: quantity('1'), leavesAfter };
      const settlement = settleHold('BUY', rest, { ...use, liquiditySide: 'TAKER' }, 2);
      rest = settlement.hold;
      return formatUnits(settlement.fee);
    });
    expect([fees, rest.remaining]).toEqual([['0.33', '0.33', '0.34'], 0n]);
  });

  it('of an order by money takes its cost and fee, and the last one frees what is left', () => {
    const parts = [
      { price: price('90'), quantity: quantity('0.5'), leavesAfter: quantity('1') },
      { price: price('100'), quantity: quantity('0.54'), leavesAfter: quantity('0') },
    ];
    let rest = holdFor('BUY', price('100'), quantity('1'), BTC_USDT);
    const tradable = ['100', '55'].map((amount) => moneyOfUnits(units(amount)));
    const figures = parts.map((use, nth) => {
      const by = { liquiditySide: 'TAKER', tradableLeft: tradable[nth] ?? null } as const;
      const { fee, settled, released, hold: after } = settleHold('BUY', rest, { ...use, ...by }, 8);
      rest = after;
      return [fee, settled, released, after.remaining].map((amount) => formatUnits(amount));
    });
    expect(figures).toEqual([
      ['0.045', '45.045', '0', '55.055'],
      ['0.054', '54.054', '1.001', '0'],
    ]);
  });

  it('of an order by money has no more fee than its hold has beside what it can trade for', () => {
    const dear = anInstrument({ takerFeeRate: units('0.333'), quoteScale: 2 });
    const placed = holdFor('BUY', price('1'), quantity('1'), dear); // 1 and 0.34
    const hold = { ...placed, remaining: moneyOfUnits(units('1.33')) };
    const use = { price: price('1'), quantity: quantity('1'), leavesAfter: quantity('0') };
    const by = { liquiditySide: 'TAKER', tradableLeft: moneyOfUnits(units('1')) } as const;
    const { fee, settled } = settleHold('BUY', hold, { ...use, ...by }, 2);
    expect([fee, settled].map((amount) => formatUnits(amount))).toEqual(['0.33', '1.33']);
  });
});

// Any way of filling an order in parts, at any prices it may trade at and any fee rates.
const part = fc.record({
  steps: fc.bigInt({ min: 1n, max: 40_000n }),
  better: fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: 500n })),
  liquiditySide: fc.constantFrom('MAKER' as const, 'TAKER' as const),
});
const rate = fc.bigInt({ min: 0n, max: 2n * 10n ** 16n });
const scenario = fc.record({
  side: fc.constantFrom('BUY' as const, 'SELL' as const),
  ticks: fc.bigInt({ min: 1_000n, max: 7_000_000n }),
  unfilled: fc.bigInt({ min: 0n, max: 1_000n }),
  parts: fc.array(part, { minLength: 1, maxLength: 30, size: 'max' }),
  makerFeeRate: rate,
  takerFeeRate: rate,
  quoteScale: fc.constantFrom(7, 8, 10),
});

describe('any sequence of fills', () => {
  it('never makes the hold short, and accounts for every unit of it', () => {
    fc.assert(
      fc.property(scenario, ({ side, ticks, unfilled, parts, ...rules }) => {
        const instrument = anInstrument(rules);
        const { tickSize, quantityStep: step, quoteScale } = instrument;
        const worstPrice = priceOfUnits(ticks * tickSize);
        let leaves = parts.reduce((sum, { steps }) => sum + steps, unfilled) * step;
        let hold = holdFor(side, worstPrice, quantityOfUnits(leaves), instrument);
        let spent = 0n;
        for (const { steps, better, liquiditySide } of parts) {
          const ticksNow = side === 'BUY' ? ticks - (better % ticks) : ticks + better;
          const filled = { price: priceOfUnits((ticksNow || 1n) * tickSize), liquiditySide };
          const done = quantityOfUnits(steps * step);
          leaves -= done;
          const leavesAfter = quantityOfUnits(leaves);
          const use = { ...filled, quantity: done, leavesAfter };
          const settlement = settleHold(side, hold, use, quoteScale);
          hold = settlement.hold;
          spent += settlement.settled + settlement.released;
          expect(settlement.released).toBeGreaterThanOrEqual(0n);
          expect(hold.remaining).toBe(holdAmount(side, worstPrice, leavesAfter, instrument));
          expect(spent + hold.remaining).toBe(hold.placed);
          const rounded = feeOn(notional(filled.price, done), settlement.feeRate, quoteScale);
          const unit = 10n ** BigInt(18 - quoteScale);
          expect([rounded, rounded - unit]).toContain(settlement.fee);
          expect(settlement.fee).toBeGreaterThanOrEqual(moneyOfUnits(0n));
        }
      }),
      { numRuns: 500 },
    );
  });
});
