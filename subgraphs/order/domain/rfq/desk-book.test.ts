import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ONE } from '#shared/domain/decimal.ts';
import { parseInstrumentSymbol, trusted } from '#shared/domain/ids.ts';
import { type Money, moneyOfUnits } from '#shared/domain/money.ts';
import { money, units } from '../test-orders.ts';
import { breakEvenPrice, realizedProfit } from './desk-book.ts';

const symbol = trusted(parseInstrumentSymbol, 'BTC-USDT');
const sums = (
  [boughtQuantity, boughtNotional]: readonly [string, string],
  [soldQuantity, soldNotional]: readonly [string, string],
) => ({
  ...{ boughtQuantity: units(boughtQuantity), boughtNotional: money(boughtNotional) },
  ...{ soldQuantity: units(soldQuantity), soldNotional: money(soldNotional) },
  fees: money('0'),
});

describe('the profit of the house', () => {
  it.each([
    ['of what it bought and sold', ['2', '200'], ['2', '206'], '6'],
    ['of the smaller quantity, if it sold more', ['1', '100'], ['3', '330'], '10'],
    ['of the smaller quantity, if it bought more', ['3', '330'], ['1', '100'], '-10'],
    ['rounded toward zero', ['1', '0'], ['3', '1'], '0.333333333333333333'],
    ['rounded toward zero for a loss as well', ['3', '1'], ['1', '0'], '-0.333333333333333333'],
    ['without a sale is none', ['1', '100'], ['0', '0'], '0'],
    ['without a purchase is none', ['0', '0'], ['1', '100'], '0'],
  ] as const)('%s', (_name, bought, sold, profit) => {
    expect(realizedProfit(sums(bought, sold))).toBe(units(profit));
  });

  it('is exactly what was received if nothing is left', () => {
    const amount = fc.bigInt({ min: 1n, max: 10n ** 30n });
    fc.assert(
      fc.property(amount, amount, amount, (quantity, paid, earned) => {
        const all = { boughtQuantity: quantity, soldQuantity: quantity, fees: moneyOfUnits(0n) };
        const [boughtNotional, soldNotional] = [paid, earned] as [Money, Money];
        expect(realizedProfit({ ...all, boughtNotional, soldNotional })).toBe(earned - paid);
      }),
    );
  });
});

describe('the break-even price of the house', () => {
  it.each([
    ['10', '-1000', '100'],
    ['-10', '1000', '100'],
    ['10', '50', '-5'],
    ['3', '-1', '0.333333333333333333'],
  ])('with %s base units and %s received is %s', (inventory, received, price) => {
    const position = {
      symbol,
      inventory: units(inventory),
      received: moneyOfUnits(units(received)),
    };
    expect(breakEvenPrice(position)).toBe(units(price));
    // There the result is zero, but for the rounding of the price.
    const result = units(received) + (units(inventory) * units(price)) / ONE;
    expect(result > -10n && result < 10n).toBe(true);
  });

  it('is none without an inventory', () => {
    expect(breakEvenPrice({ symbol, inventory: 0n, received: money('7') })).toBeNull();
  });
});
