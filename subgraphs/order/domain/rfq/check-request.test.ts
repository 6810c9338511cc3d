import { describe, expect, it } from 'vitest';
import { anInstrument, money, price } from '../test-orders.ts';
import { requestRefusal } from './check-request.ts';

/** Up to 100 base units, and up to 2,000,000 of the quote asset. */
const INSTRUMENT = anInstrument();
const CHECK = {
  ...({ tradingState: 'ACTIVE', openRfqs: 0, maxOpenRfqs: 1 } as const),
  instrument: INSTRUMENT,
};

describe('a request by quote quantity', () => {
  const refused = (amount: string, mid: string) =>
    requestRefusal(
      {
        ...{ symbol: INSTRUMENT.symbol, side: null },
        size: { quantity: null, quoteQuantity: money(amount) },
      },
      { ...CHECK, midPrice: price(mid) },
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
});
