import { describe, expect, it } from 'vitest';
import { tradingStateAllows } from './account-rules.ts';
import { aCheck, anAccountCheck, anInstrument, aRequest, quantity } from '../test-orders.ts';

describe('trading state', () => {
  const denial = (account: Parameters<typeof anAccountCheck>[0]) =>
    tradingStateAllows(aRequest(), {
      ...aCheck({ account: anAccountCheck(account) }),
      instrument: anInstrument(),
    });

  it('lets everything pass while ACTIVE and nothing while HALTED', () => {
    expect(denial({ tradingState: 'ACTIVE' })).toBeNull();
    expect(denial({ tradingState: 'HALTED' })).toMatchObject({ reason: 'TRADING_HALTED' });
  });

  it('lets any SELL pass while REDUCING: its hold keeps it to what is owned', () => {
    const account = anAccountCheck({ tradingState: 'REDUCING' });
    const check = { ...aCheck({ account }), instrument: anInstrument() };
    expect(tradingStateAllows(aRequest({ side: 'SELL' }), check)).toBeNull();
  });

  it('lets exactly what closes the position pass while REDUCING, and not one step more', () => {
    const tradingState = 'REDUCING' as const;
    expect(denial({ tradingState, reducibleQuantity: quantity('0.5') })).toBeNull();
    expect(denial({ tradingState, reducibleQuantity: quantity('0.49999') })).toMatchObject({
      reason: 'TRADING_STATE_REDUCING',
      limit: '0.49999',
      actual: '0.50000',
      nearestValid: '0.49999',
    });
  });
});
