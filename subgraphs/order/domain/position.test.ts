import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatUnits, ONE } from '#shared/domain/decimal.ts';
import type { AccountId, InstrumentSymbol } from '#shared/domain/ids.ts';
import { moneyOfUnits, notional } from '#shared/domain/money.ts';
import { priceOfUnits } from '#shared/domain/price.ts';
import { quantityOfUnits } from '#shared/domain/quantity.ts';
import {
  applyFillToPosition,
  averageEntryPrice,
  flatPosition,
  marketValue,
  type Position,
  positionQuantity,
  positionSide,
  unrealizedPnl,
} from './position.ts';
import { price, quantity } from './test-orders.ts';

const FLAT = flatPosition('a-1' as AccountId, 'BTC-USDT' as InstrumentSymbol, 0);

/** The position after fills like `BUY 2 @ 100`. */
function after(...fills: string[]): Position {
  return fills.reduce((position, text, index) => {
    const [side = '', filled = '', , at = ''] = text.split(' ');
    return applyFillToPosition(position, {
      side: side === 'BUY' ? 'BUY' : 'SELL',
      price: price(at),
      quantity: quantity(filled),
      fee: moneyOfUnits(0n),
      executedAt: index + 1,
    });
  }, FLAT);
}

function described(position: Position): string {
  const average = averageEntryPrice(position);
  const at = average === null ? '' : ` @ ${formatUnits(average)}`;
  const held = formatUnits(positionQuantity(position));
  return `${positionSide(position)} ${held}${at}, realized ${formatUnits(position.realizedPnl)}`;
}

describe('a position', () => {
  it.each([
    ['is flat at first', [], 'FLAT 0, realized 0'],
    ['averages what is added', ['BUY 1 @ 100', 'BUY 3 @ 104'], 'LONG 4 @ 103, realized 0'],
    ['averages what is sold short', ['SELL 1 @ 100', 'SELL 1 @ 90'], 'SHORT 2 @ 95, realized 0'],
    [
      'keeps its average when it is reduced, and realizes the difference',
      ['BUY 4 @ 103', 'SELL 1 @ 110'],
      'LONG 3 @ 103, realized 7',
    ],
    ['realizes losses', ['BUY 4 @ 103', 'SELL 2 @ 100'], 'LONG 2 @ 103, realized -6'],
    ['gains on a short that falls', ['SELL 2 @ 100', 'BUY 1 @ 90'], 'SHORT 1 @ 100, realized 10'],
    ['is flat when all is closed', ['BUY 2 @ 100', 'SELL 2 @ 101'], 'FLAT 0, realized 2'],
    [
      'realizes all when it crosses zero, and enters the rest at the fill',
      ['BUY 2 @ 100', 'SELL 5 @ 110'],
      'SHORT 3 @ 110, realized 20',
    ],
    ['crosses zero from below too', ['SELL 2 @ 100', 'BUY 3 @ 110'], 'LONG 1 @ 110, realized -20'],
    [
      'begins again after it was flat',
      ['BUY 1 @ 100', 'SELL 1 @ 90', 'SELL 2 @ 80'],
      'SHORT 2 @ 80, realized -10',
    ],
  ])('%s: %j', (_, fills, expected) => {
    expect(described(after(...fills))).toBe(expected);
  });

  it('loses no digit over a third: what is closed entirely has realized exactly', () => {
    const third = after('BUY 1 @ 100', 'BUY 2 @ 101', 'SELL 1 @ 101', 'SELL 1 @ 101');
    expect(described(third)).toBe('LONG 1 @ 100.666666666666666667, realized 0.666666666666666667');
    expect(described(after('BUY 1 @ 100', 'BUY 2 @ 101', 'SELL 1 @ 101', 'SELL 2 @ 101'))).toBe(
      'FLAT 0, realized 1',
    );
  });

  it('is valued at a mark price, from its own side', () => {
    const [long, short] = [after('BUY 2 @ 100'), after('SELL 2 @ 100')];
    const mark = price('103');
    expect([long, short].map((each) => formatUnits(marketValue(each, mark)))).toEqual([
      '206',
      '206',
    ]);
    expect([long, short].map((each) => formatUnits(unrealizedPnl(each, mark)))).toEqual([
      '6',
      '-6',
    ]);
    expect(unrealizedPnl(FLAT, mark)).toBe(0n);
  });

  it('always adds up to the cash that moved, to the last digit', () => {
    const fill = fc.record({
      side: fc.constantFrom('BUY' as const, 'SELL' as const),
      ticks: fc.bigInt({ min: 1n, max: 10_000n }),
      steps: fc.bigInt({ min: 1n, max: 1_000n }),
      fee: fc.bigInt({ min: 0n, max: ONE }),
    });
    fc.assert(
      fc.property(fc.array(fill, { maxLength: 60, size: 'max' }), (fills) => {
        let [position, cash, fees] = [FLAT, 0n, 0n];
        for (const { side, ticks, steps, fee } of fills) {
          const part = {
            price: priceOfUnits((ticks * ONE) / 100n),
            quantity: quantityOfUnits((steps * ONE) / 1_000n),
            fee: moneyOfUnits(fee),
          };
          position = applyFillToPosition(position, { ...part, side, executedAt: 1 });
          cash += notional(part.price, part.quantity) * (side === 'BUY' ? -1n : 1n);
          const held = position.netQuantity < 0n ? -position.entryCost : position.entryCost;
          expect(position.realizedPnl - held).toBe(cash);
          expect(position.fees).toBe((fees += fee));
          expect(position.entryCost > 0n).toBe(position.netQuantity !== 0n);
        }
      }),
    );
  });
});
