import { describe, expect, it } from 'vitest';
import { houseLevels, type HouseLevel, takeFromHouse } from './house-liquidity.ts';
import { anInstrument } from './test-orders.ts';

const MARKET = {
  bids: [
    ['64000.00', '1.00000000'],
    ['63999.99', '0.00001000'],
    ['63990.00', '0.50000000'],
  ],
  asks: [
    ['64000.01', '2.00000000'],
    ['64000.02', '0.00001900'],
    ['64010.00', '0.30000000'],
  ],
  suspended: false,
} as const;
const SETTINGS = { spreadBps: 10, levels: 2, sizePercent: 50, skew: null };
const BTC_USDT = anInstrument();

function described(levels: readonly HouseLevel[]): string[] {
  return levels.map(({ priceTicks, leavesSteps }) => `${leavesSteps} @ ${priceTicks}`);
}

describe('the house', () => {
  it('quotes away from the market by its spread, rounded away, with a part of the size', () => {
    const { BUY, SELL } = houseLevels(MARKET, BTC_USDT, SETTINGS);
    // 64000 × 0.999 = 63936 and 63990 × 0.999 = 63926.01; half of 0.00001 is no whole step.
    expect(described(BUY)).toEqual(['50000 @ 6393600', '25000 @ 6392601']);
    // 64000.01 × 1.001 = 64064.01001 and 64010 × 1.001 = 64074.01.
    expect(described(SELL)).toEqual(['100000 @ 6406402', '15000 @ 6407401']);
  });

  it('quotes the market itself without a spread', () => {
    const { BUY, SELL } = houseLevels(MARKET, BTC_USDT, {
      spreadBps: 0,
      levels: 1,
      sizePercent: 100,
      skew: null,
    });
    expect([described(BUY), described(SELL)]).toEqual([['100000 @ 6400000'], ['200000 @ 6400001']]);
  });

  it('adds up levels that fall together on a coarse tick', () => {
    const coarse = { ...BTC_USDT, tickSize: anInstrument().tickSize * 10_000n } as typeof BTC_USDT;
    const { BUY } = houseLevels(MARKET, coarse, {
      spreadBps: 0,
      levels: 5,
      sizePercent: 100,
      skew: null,
    });
    expect(described(BUY)).toEqual(['100000 @ 640', '50001 @ 639']);
  });

  it('leaves out prices that no order can have, and counts no more of a quantity than is exact', () => {
    const absurd = {
      bids: [
        ['64000.00', '99999999999999999999'],
        ['64000.00', '99999999999999999999'],
      ],
      asks: [
        ['64000.01', '1.00000000'],
        ['99999999999999999999', '1.00000000'],
      ],
      suspended: false,
    } as const;
    const settings = { spreadBps: 0, levels: 5, sizePercent: 100, skew: null };
    const { BUY, SELL } = houseLevels(absurd, BTC_USDT, settings);
    expect(described(BUY)).toEqual(['20000000000000 @ 6400000']);
    expect(described(SELL)).toEqual(['100000 @ 6400001']);
  });

  it('offers nothing on a crossed market', () => {
    const crossed = { ...MARKET, bids: [['64000.02', '1.00000000']] } as const;
    expect(houseLevels(crossed, BTC_USDT, SETTINGS)).toEqual({ BUY: [], SELL: [] });
    const touching = { ...MARKET, bids: [['64000.01', '1.00000000']] } as const;
    expect(houseLevels(touching, BTC_USDT, SETTINGS).BUY).toHaveLength(1);
  });

  it('offers nothing on a market that is suspended, or at prices that fall to nothing', () => {
    const suspended = houseLevels({ ...MARKET, suspended: true }, BTC_USDT, SETTINGS);
    expect(suspended).toEqual({ BUY: [], SELL: [] });
    const all = houseLevels(MARKET, BTC_USDT, { ...SETTINGS, spreadBps: 10_000 });
    expect(all.BUY).toEqual([]);
  });

  it('has what trades left of it', () => {
    const levels = houseLevels(MARKET, BTC_USDT, SETTINGS);
    const rest = takeFromHouse(levels, [
      { side: 'SELL', priceTicks: 6406402, quantitySteps: 100000 },
      { side: 'SELL', priceTicks: 6407401, quantitySteps: 5000 },
    ]);
    expect([described(rest.BUY), described(rest.SELL)]).toEqual([
      described(levels.BUY),
      ['10000 @ 6407401'],
    ]);
  });
});
