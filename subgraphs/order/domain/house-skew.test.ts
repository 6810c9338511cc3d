import { describe, expect, it } from 'vitest';
import { type HouseLevel, houseLevels, levelsWithin } from './house-liquidity.ts';
import { inventoryRoom } from './house-skew.ts';
import { anInstrument, money, price, units } from './test-orders.ts';

// 64000.00 to 64000.01 with 1 BTC on each side; the house may have 64,000 USDT of it.

const BTC_USDT = anInstrument();
const MARKET = {
  bids: [['64000.00', '1.00000000']],
  asks: [['64000.01', '1.00000000']],
  suspended: false,
} as const;
const SETTINGS = {
  spreadBps: 10,
  levels: 2,
  sizePercent: 100,
  skew: { bps: 20, inventoryLimit: money('64000') },
};

function quoted(inventory: string): string {
  const signed = inventory.startsWith('-') ? -units(inventory.slice(1)) : units(inventory);
  const value = { quantity: signed, price: price('64000') };
  const room = (side: 'BUY' | 'SELL') => inventoryRoom(side, SETTINGS.skew, value);
  const { BUY, SELL } = levelsWithin(
    houseLevels(MARKET, BTC_USDT, SETTINGS, signed),
    { BUY: room('BUY'), SELL: room('SELL') },
    BTC_USDT,
  );
  const text = (levels: readonly HouseLevel[]) =>
    levels.map(({ priceTicks, leavesSteps }) => `${leavesSteps} @ ${priceTicks}`).join(', ');
  return `${text(BUY)} | ${text(SELL)}`;
}

describe('the skew of the house', () => {
  it.each([
    ['has nothing: 10 bps away on both sides', '0', '100000 @ 6393600 | 100000 @ 6406402'],
    ['has bought half: 10 bps lower, and buys half', '0.5', '50000 @ 6387200 | 100000 @ 6400001'],
    [
      'has bought all: 20 bps lower, and buys nothing, but sells at the market',
      '1',
      ' | 100000 @ 6400001',
    ],
    ['has bought too much: no lower than that', '3', ' | 100000 @ 6400001'],
    ['has sold half: 10 bps higher, and sells half', '-0.5', '100000 @ 6400000 | 50000 @ 6412802'],
    ['has sold all: buys at the market, and sells nothing', '-1', '100000 @ 6400000 | '],
  ])('%s', (_, inventory, levels) => {
    expect(quoted(inventory)).toBe(levels);
  });
});
