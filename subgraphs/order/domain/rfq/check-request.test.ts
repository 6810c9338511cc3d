import { describe, expect, it } from 'vitest';
import { anInstrument, money, price, quantity } from '../test-orders.ts';
import { marketRefusal } from './check-request.ts';

/** Up to 100 base units, and up to 2,000,000 of the quote asset. */
const INSTRUMENT = anInstrument();

describe('a request by quote quantity', () => {
  const refused = (amount: string, mid: string | null) =>
    marketRefusal(
      {
        ...{ symbol: INSTRUMENT.symbol, side: null },
        size: { quantity: null, quoteQuantity: money(amount) },
      },
      { instrument: INSTRUMENT, midPrice: mid === null ? null : price(mid) },
    );

  it('is bound by the largest quantity as one by quantity is, and learns the most it can be', () => {
    expect(refused('1000', '10')).toBeNull();
    // One step more than 100 base units.
    expect(refused('1000.0001', '10')).toMatchObject({
      ...{ reason: 'QUANTITY_EXCEEDS_MAXIMUM', rule: 'maxQuantity' },
      ...{ limit: '1000.00000000', actual: '1000.0001', nearestValid: '1000.00000000' },
    });
    expect(refused('2000000.00000001', '64000')?.reason).toBe('NOTIONAL_EXCEEDS_MAXIMUM');
    expect(refused('2000000', '64000')).toBeNull();
  });

  it.each([
    ['0', 'NOTIONAL_BELOW_MINIMUM'],
    ['-5', 'NOTIONAL_BELOW_MINIMUM'],
    ['9.99', 'NOTIONAL_BELOW_MINIMUM'],
    ['20.000000001', 'QUANTITY_OFF_STEP'],
    ['2000000.01', 'NOTIONAL_EXCEEDS_MAXIMUM'],
  ])('of %s is refused without a market too, and not by the store', (amount, reason) => {
    expect(refused(amount, null)?.reason).toBe(reason);
  });

  it('is at least one step without a market, whatever the instrument allows', () => {
    const free = anInstrument({ minNotional: money('0'), minQuantity: quantity('0') });
    const asked = { symbol: free.symbol, side: null };
    const size = { quantity: null, quoteQuantity: money('0') };
    const market = { instrument: free, midPrice: null };
    expect(marketRefusal({ ...asked, size }, market)?.reason).toBe('QUANTITY_BELOW_MINIMUM');
  });
});
