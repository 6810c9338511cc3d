import { describe, expect, it } from 'vitest';
import type { TrailingOffset } from './order-trigger.ts';
import { aCheck, aRequest, price, units } from './test-orders.ts';
import { validateOrder } from './validate-order.ts';

describe('a trailing offset', () => {
  const violations = (type: TrailingOffset['type'], offset: string) =>
    validateOrder(
      aRequest({
        side: 'SELL',
        terms: { orderType: 'MARKET', timeInForce: 'IOC' },
        trigger: {
          kind: 'TRAILING_STOP',
          source: 'BID_ASK',
          triggerPrice: price(offset === '0' ? '63999' : '63000'),
          trailing: { type, offset: units(offset) },
          timeInForce: 'GTC',
          triggeredAt: null,
        },
      }),
      aCheck(),
    );

  it.each([
    ['TICKS', '1.5', '1', '2'],
    ['TICKS', '0.4', '1', '1'],
    ['PRICE', '100.005', '0.01', '100.01'],
  ] as const)('of %s is refused as %s: it is whole ticks', (type, actual, limit, nearestValid) => {
    expect(violations(type, actual)).toMatchObject([
      { reason: 'PRICE_OFF_TICK', rule: 'trailingOffset', limit, actual, nearestValid },
    ]);
    expect(violations(type, nearestValid)).toEqual([]);
  });

  it('of basis points may be of any size', () => {
    expect(violations('BASIS_POINTS', '12.5')).toEqual([]);
  });

  it('of zero breaks one rule, and not what follows from it too', () => {
    expect(violations('PRICE', '0').map(({ reason }) => reason)).toEqual(['INVALID_COMBINATION']);
  });
});
