import { describe, expect, it } from 'vitest';
import { NO_LINK } from '../order-link.ts';
import type { TrailingOffset, TriggerSource } from '../order-trigger.ts';
import { aCheck, aQuote, aRequest, NOW_MS, price, units } from '../test-orders.ts';
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

  it('is the whole price at most', () => {
    expect(violations('BASIS_POINTS', '10000')).toEqual([]);
    expect(violations('BASIS_POINTS', '10000.1')).toMatchObject([
      { reason: 'INVALID_COMBINATION', rule: 'trailingOffset', limit: '10000' },
    ]);
  });

  it('of zero breaks one rule, and not what follows from it too', () => {
    expect(violations('PRICE', '0').map(({ reason }) => reason)).toEqual(['INVALID_COMBINATION']);
  });
});

describe('the trigger price of a stop', () => {
  const violations = (triggerPrice: string) =>
    validateOrder(
      aRequest({
        side: 'SELL',
        terms: { orderType: 'MARKET', timeInForce: 'IOC' },
        trigger: {
          ...{ kind: 'STOP', source: 'BID_ASK', triggerPrice: price(triggerPrice) },
          ...{ trailing: null, timeInForce: 'GTC', triggeredAt: null },
        },
      }),
      aCheck(),
    );

  it.each([
    ['63000.005', { reason: 'PRICE_OFF_TICK', limit: '0.01', nearestValid: '63000.01' }],
    ['0', { reason: 'PRICE_NOT_POSITIVE', actual: '0.00', nearestValid: '0.01' }],
  ])('is refused as %s: it is a price on a tick', (triggerPrice, refusal) => {
    expect(violations(triggerPrice)).toMatchObject([{ rule: 'triggerPrice', ...refusal }]);
  });

  it('is accepted on a tick', () => {
    expect(violations('63000.01')).toEqual([]);
  });
});

describe('an expiry', () => {
  const reasons = (expireAt: number) => {
    const terms = { orderType: 'LIMIT', limitPrice: price('64000'), timeInForce: 'GTD' } as const;
    return validateOrder(aRequest({ terms, expireAt }), aCheck()).map(({ reason }) => reason);
  };

  it('is later than now, because at its very instant an order has expired', () => {
    expect(reasons(NOW_MS)).toEqual(['EXPIRE_TIME_IN_PAST']);
    expect(reasons(NOW_MS + 1)).toEqual([]);
  });
});

describe('a trigger that the last known market meets already', () => {
  const STALE = aCheck({ quote: aQuote({ suspended: true, receivedAtMs: NOW_MS - 60_000 }) });
  const stop = (source: TriggerSource, triggerPrice: string) => ({
    source,
    triggerPrice: price(triggerPrice),
    triggeredAt: null,
  });

  it.each(['LAST_PRICE', 'BID_ASK', 'MID_POINT'] as const)(
    'of %s is refused while the feed is stale, because it would be set off once that is back',
    (source) => {
      const reasons = (triggerPrice: string) => {
        const kind = { kind: 'STOP', trailing: null, timeInForce: 'GTC' } as const;
        const trigger = { ...stop(source, triggerPrice), ...kind };
        const asked = { orderType: 'MARKET', timeInForce: 'IOC' } as const;
        const request = aRequest({ side: 'SELL', terms: asked, trigger });
        return validateOrder(request, STALE).map(({ reason }) => reason);
      };
      expect(reasons('640000')).toEqual(['TRIGGER_ALREADY_MET']);
      expect(reasons('63000')).toEqual([]);
    },
  );

  it('is refused for the stop leg of a pair as well', () => {
    const reasons = (triggerPrice: string) => {
      const leg = { ...stop('LAST_PRICE', triggerPrice), limitPrice: price('62000') };
      const request = aRequest({
        side: 'SELL',
        limitPrice: '65000',
        link: { ...NO_LINK, stop: leg },
      });
      return validateOrder(request, STALE).map(({ reason }) => reason);
    };
    expect(reasons('64500')).toEqual(['TRIGGER_ALREADY_MET']);
    expect(reasons('63000')).toEqual([]);
  });

  it.each([
    ['SELL', 'STOP', '640000', 'that of a SELL stop must be below it'],
    ['BUY', 'STOP', '6400', 'that of a BUY stop must be above it'],
    ['SELL', 'TAKE_PROFIT', '6400', 'that of a SELL take-profit must be above it'],
    ['BUY', 'TAKE_PROFIT', '640000', 'that of a BUY take-profit must be below it'],
  ] as const)('says on which side a %s %s waits', (side, kind, triggerPrice, expected) => {
    const trigger = { ...stop('MID_POINT', triggerPrice), kind, trailing: null } as const;
    const terms = { orderType: 'MARKET', timeInForce: 'IOC' } as const;
    const request = aRequest({ side, terms, trigger: { ...trigger, timeInForce: 'GTC' } });
    const messages = validateOrder(request, STALE).map(({ message }) => message);
    expect(messages).toContainEqual(expect.stringMatching(expected));
  });
});
