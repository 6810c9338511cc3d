import { describe, expect, it } from 'vitest';
import { NO_INSTRUCTIONS, type OrderInstructions } from '../order-instructions.ts';
import type { OrderRequest } from './order-rule.ts';
import { aCheck, anAccountCheck, anInstrument, aRequest, money, quantity } from '../test-orders.ts';
import { validateOrder } from './validate-order.ts';

// Each rule of an order's instructions at its limit, and one unit beyond. BUY 0.5 BTC-USDT at 64000.

const MARKET = { orderType: 'MARKET', timeInForce: 'IOC' } as const;
const asked = (instructions: Partial<OrderInstructions>, more: Partial<OrderRequest> = {}) =>
  aRequest({ instructions: { ...NO_INSTRUCTIONS, ...instructions }, ...more });
const iceberg = (shown: string) => asked({ displayQuantity: quantity(shown) });
/** As the desk values it at the worst price within the collar, 70400. */
const byQuote = (quoteQuantity: string, base = '0.00714') =>
  asked({ quoteQuantity: money(quoteQuantity) }, { terms: MARKET, quantity: quantity(base) });

function told(request: OrderRequest, check = aCheck()): string {
  return validateOrder(request, check)
    .map(
      ({ reason, rule, limit, nearestValid }) =>
        `${reason} ${rule} ${limit ?? '-'} → ${nearestValid ?? '-'}`,
    )
    .join('; ');
}

describe('the rules of instructions', () => {
  it.each([
    ['an iceberg of all of it', iceberg('0.5')],
    ['an iceberg of a fifteenth, up to the step', iceberg('0.03334')],
    ['post-only', asked({ postOnly: 'REJECT' })],
    ['the least value by quote quantity', byQuote('12')],
    ['the greatest value by quote quantity', byQuote('2000000', '28.4')],
    ['the smallest amount of the quote asset', byQuote('500.00000001')],
  ])('let %s pass', (_, request) => {
    expect(told(request)).toBe('');
  });

  it.each([
    ['QUANTITY_EXCEEDS_MAXIMUM displayQuantity 0.50000 → 0.50000', iceberg('0.50001')],
    ['QUANTITY_BELOW_MINIMUM displayQuantity 0.03334 → 0.03334', iceberg('0.03333')],
    ['QUANTITY_OFF_STEP displayQuantity 0.00001 → 0.10000', iceberg('0.100001')],
    ['NOTIONAL_BELOW_MINIMUM minNotional 10.00000000 → 10.00000000', byQuote('9.99999999')],
    [
      'NOTIONAL_EXCEEDS_MAXIMUM maxNotional 2000000.00000000 → 2000000.00000000',
      byQuote('2000000.00000001', '28.4'),
    ],
    ['QUANTITY_OFF_STEP quoteScale 0.00000001 → 500.00000000', byQuote('500.000000001')],
  ])('tell %s', (denial, request) => {
    expect(told(request)).toBe(denial);
  });

  it.each([
    ['BUY', '1280020.00000000 → 1280020.00000000', '1280020.64001', '18.18'],
    ['SELL', '1152000.00000000 → 1152000.00000000', '1152000.576', '20'],
  ] as const)(
    'hold what a %s by quote quantity can come to to the maximum',
    (side, most, over, base) => {
      const instrument = anInstrument({ maxQuantity: quantity('20') });
      const at = (quoteQuantity: string) =>
        told({ ...byQuote(quoteQuantity, base), side }, aCheck({ instrument }));
      expect(at(over)).toBe(`QUANTITY_EXCEEDS_MAXIMUM maxQuantity ${most}`);
      expect(at(most.slice(0, most.indexOf(' ')))).toBe('');
    },
  );

  it.each([
    ['postOnly', asked({ postOnly: 'REPRICE' }, { terms: MARKET })],
    [
      'postOnly',
      asked(
        { postOnly: 'REJECT' },
        { terms: { ...aRequest().terms, timeInForce: 'IOC' } as OrderRequest['terms'] },
      ),
    ],
    ['displayQuantity', asked({ displayQuantity: quantity('0.1') }, { terms: MARKET })],
    ['quoteQuantity', asked({ quoteQuantity: money('100') })],
  ])('tell that %s does not go with what the order is', (rule, request) => {
    expect(told(request)).toContain(`INVALID_COMBINATION ${rule}`);
  });

  it('deny a guard that is not there', () => {
    const check = aCheck({ account: anAccountCheck({ isGuardConnected: false }) });
    expect(told(aRequest(), check)).toBe('GUARD_NOT_CONNECTED guardConnectionId - → -');
  });

  it('let only a bounded order through while REDUCING', () => {
    const account = anAccountCheck({ tradingState: 'REDUCING', reducibleQuantity: quantity('1') });
    expect(told(byQuote('100', '0.00142'), aCheck({ account }))).toContain(
      'TRADING_STATE_REDUCING',
    );
    const sells = { ...byQuote('100', '0.00142'), side: 'SELL' } as const;
    expect(told(sells, aCheck({ account }))).toBe('');
  });
});
