import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseUnits } from '#shared/domain/decimal.ts';
import { moneyOfUnits } from '#shared/domain/money.ts';
import { priceOfUnits } from '#shared/domain/price.ts';
import { quantityOfUnits } from '#shared/domain/quantity.ts';
import { DENY_REASONS } from './order-denial.ts';
import type { OrderCheck, OrderRequest } from './order-rule.ts';
import {
  aCheck,
  anInstrument,
  aQuote,
  aRequest,
  money,
  NOW_MS,
  price,
  quantity,
  anAccountCheck,
} from '../test-orders.ts';
import { validateOrder } from './validate-order.ts';

const MARKET = { terms: { orderType: 'MARKET', timeInForce: 'IOC' } } as const;

function denials(request: OrderRequest, check: OrderCheck = aCheck()): string[] {
  return validateOrder(request, check).map(
    ({ reason, limit, actual, nearestValid }) =>
      `${reason} ${limit ?? '-'} ${actual ?? '-'} → ${nearestValid ?? '-'}`,
  );
}

describe('an order that is in order', () => {
  it.each([
    ['a LIMIT', aRequest(), aCheck()],
    ['a MARKET order', aRequest(MARKET), aCheck()],
    ['a LIMIT without a market to measure it by', aRequest(), aCheck({ quote: null })],
    ['the lower end of the collar', aRequest({ limitPrice: '57600' }), aCheck()],
    ['the upper end of the collar', aRequest({ limitPrice: '70400' }), aCheck()],
    ['the smallest quantity', aRequest({ quantity: quantity('0.00016') }), aCheck()],
    [
      'the last order that is allowed',
      aRequest(),
      aCheck({ account: anAccountCheck({ openOrderCount: 199 }) }),
    ],
    [
      'a quote of exactly the greatest age',
      aRequest(MARKET),
      aCheck({ quote: aQuote({ receivedAtMs: NOW_MS - 2_000 }) }),
    ],
    ['exactly enough money', aRequest(), aCheck({ freeBalance: money('32032') })],
    ['exactly enough to sell', aRequest({ side: 'SELL' }), aCheck({ freeBalance: money('0.5') })],
  ])('passes: %s', (_, request, check) => {
    expect(denials(request, check)).toEqual([]);
  });
});

describe('each rule refuses with its values', () => {
  it.each([
    ['INVALID_CLIENT_ORDER_ID - - → -', aRequest({ clientOrderId: 'no spaces' }), aCheck()],
    ['INSTRUMENT_NOT_FOUND - - → -', aRequest(), aCheck({ instrument: null })],
    [
      'INSTRUMENT_NOT_TRADING - - → -',
      aRequest(),
      aCheck({ instrument: anInstrument({ status: 'CANCEL_ONLY' }) }),
    ],
    ['PRICE_NOT_POSITIVE - 0.00 → 57600.00', aRequest({ limitPrice: '0' }), aCheck()],
    ['PRICE_NOT_POSITIVE - 0.00 → 0.01', aRequest({ limitPrice: '0' }), aCheck({ quote: null })],
    ['PRICE_OFF_TICK 0.01 64000.005 → 64000.00', aRequest({ limitPrice: '64000.005' }), aCheck()],
    [
      'PRICE_OFF_TICK 0.01 64000.005 → 64000.01',
      aRequest({ limitPrice: '64000.005', side: 'SELL' }),
      aCheck(),
    ],
    [
      'PRICE_OUTSIDE_COLLAR 57600.00 57599.99 → 57600.00',
      aRequest({ limitPrice: '57599.99' }),
      aCheck(),
    ],
    [
      'PRICE_OUTSIDE_COLLAR 70400.00 70400.01 → 70400.00',
      aRequest({ limitPrice: '70400.01' }),
      aCheck(),
    ],
    [
      'PRICE_OUTSIDE_COLLAR 70401.10 99999.00 → 70401.10',
      aRequest({ limitPrice: '99999' }),
      aCheck({ quote: aQuote({ bidPrice: null }) }),
    ],
    [
      'PRICE_OUTSIDE_COLLAR 70400.00 640000.00 → 70400.00',
      aRequest({ limitPrice: '640000' }),
      aCheck({ quote: aQuote({ receivedAtMs: NOW_MS - 3_600_000 }) }),
    ],
    [
      'QUANTITY_OFF_STEP 0.00001 0.500005 → 0.50000',
      aRequest({ quantity: quantity('0.500005') }),
      aCheck(),
    ],
    [
      'QUANTITY_EXCEEDS_MAXIMUM 20.00000 20.00001 → 20.00000',
      aRequest({ quantity: quantity('20.00001') }),
      aCheck({ instrument: anInstrument({ maxQuantity: quantity('20') }) }),
    ],
    [
      'QUANTITY_BELOW_MINIMUM 0.20000 0.19999 → 0.20000',
      aRequest({ quantity: quantity('0.19999') }),
      aCheck({ instrument: anInstrument({ minQuantity: quantity('0.2') }) }),
    ],
    [
      'NOTIONAL_BELOW_MINIMUM 10.00000000 9.60000000 → 0.00016',
      aRequest({ quantity: quantity('0.00015') }),
      aCheck(),
    ],
    [
      'NOTIONAL_EXCEEDS_MAXIMUM 2000000.00000000 2000000.64000000 → 31.25000',
      aRequest({ quantity: quantity('31.25001') }),
      aCheck(),
    ],
    [
      'NOTIONAL_EXCEEDS_MAXIMUM 2000000.00000000 2000031.25000000 → 31.24951',
      aRequest({ ...MARKET, quantity: quantity('31.25') }),
      aCheck(),
    ],
    [
      'NOTIONAL_EXCEEDS_MAXIMUM 2000000.00000000 2000608.74000000 → 31.25048',
      aRequest({ ...MARKET, side: 'SELL', quantity: quantity('31.26') }),
      aCheck(),
    ],
    [
      'ACCOUNT_BLOCKED - - → -',
      aRequest(),
      aCheck({ account: anAccountCheck({ isBlocked: true }) }),
    ],
    [
      'TOO_MANY_OPEN_ORDERS 200 201 → -',
      aRequest(),
      aCheck({ account: anAccountCheck({ openOrderCount: 200 }) }),
    ],
    ['MARKET_PRICE_UNAVAILABLE - - → -', aRequest(MARKET), aCheck({ quote: null })],
    [
      'MARKET_PRICE_UNAVAILABLE - - → -',
      aRequest(MARKET),
      aCheck({ quote: aQuote({ askPrice: null }) }),
    ],
    [
      'QUOTE_STALE 2000 2001 → -',
      aRequest(MARKET),
      aCheck({ quote: aQuote({ receivedAtMs: NOW_MS - 2_001 }) }),
    ],
    [
      'QUOTE_STALE 2000 2001 → -',
      aRequest(MARKET),
      // Received before the clock was set back: nobody knows how long ago.
      aCheck({ quote: aQuote({ receivedAtMs: NOW_MS + 2_001 }) }),
    ],
    ['QUOTE_STALE 2000 500 → -', aRequest(MARKET), aCheck({ quote: aQuote({ suspended: true }) })],
    [
      'NOTIONAL_EXCEEDS_FREE_BALANCE 32031.99999999 32032.00000000 → 0.49999',
      aRequest(),
      aCheck({ freeBalance: money('32031.99999999') }),
    ],
    [
      'NOTIONAL_EXCEEDS_FREE_BALANCE 0.49999 0.50000 → 0.49999',
      aRequest({ side: 'SELL' }),
      aCheck({ freeBalance: money('0.49999') }),
    ],
    [
      'NOTIONAL_EXCEEDS_FREE_BALANCE 35000.00000000 35235.20000000 → 0.49666',
      aRequest(MARKET),
      aCheck({ freeBalance: money('35000') }),
    ],
    [
      'NOTIONAL_EXCEEDS_FREE_BALANCE 5.00000000 32032.00000000 → -',
      aRequest(),
      aCheck({ freeBalance: money('5') }),
    ],
  ])('%s', (expected, request, check) => {
    expect(denials(request, check)).toEqual([expected]);
  });

  it('says the values in words', () => {
    const [broken] = validateOrder(aRequest({ limitPrice: '64000.005' }), aCheck());
    expect(broken?.message).toBe('The limit price 64000.005 is not a multiple of 0.01.');
    expect(broken?.rule).toBe('tickSize');
  });
});

describe('an order with several faults', () => {
  it('is told all of them in the fixed order', () => {
    const request = aRequest({
      clientOrderId: '',
      limitPrice: '1.005',
      quantity: quantity('0.000001'),
    });
    const check = aCheck({
      instrument: anInstrument({ status: 'HALTED' }),
      account: anAccountCheck({ isBlocked: true, openOrderCount: 1, maxOpenOrders: 1 }),
      freeBalance: money('0'),
    });
    expect(validateOrder(request, check).map(({ reason }) => reason)).toEqual([
      'INVALID_CLIENT_ORDER_ID',
      'INSTRUMENT_NOT_TRADING',
      'PRICE_OFF_TICK',
      'PRICE_OUTSIDE_COLLAR',
      'QUANTITY_OFF_STEP',
      'QUANTITY_BELOW_MINIMUM',
      'NOTIONAL_BELOW_MINIMUM',
      'ACCOUNT_BLOCKED',
      'TOO_MANY_OPEN_ORDERS',
      'NOTIONAL_EXCEEDS_FREE_BALANCE',
    ]);
  });
});

// Wrong orders are drawn around the bounds of instruments that differ in all their rules.
const positive = (max: bigint) => fc.bigInt({ min: 1n, max });
const instruments = fc
  .record({
    tick: fc.constantFrom('0.01', '0.05', '0.5', '1'),
    step: fc.constantFrom('0.00001', '0.003', '1'),
    minSteps: fc.bigInt({ min: 0n, max: 20n }),
    maxSteps: positive(2_000n),
    minNotional: fc.bigInt({ min: 0n, max: 5_000n }),
    moreNotional: fc.bigInt({ min: 0n, max: 50_000n }),
    collarRate: fc.bigInt({ min: 0n, max: 12n * 10n ** 17n }),
  })
  .map(({ tick, step, minSteps, maxSteps, minNotional, moreNotional, collarRate }) =>
    anInstrument({
      tickSize: price(tick),
      quantityStep: quantity(step),
      minQuantity: quantityOfUnits(minSteps * quantity(step) + minSteps),
      maxQuantity: quantityOfUnits(maxSteps * quantity(step) + 7n),
      minNotional: money(`${minNotional}`),
      maxNotional: money(`${minNotional + moreNotional}`),
      collarRate,
    }),
  );
const requests = fc.record({
  side: fc.constantFrom('BUY' as const, 'SELL' as const),
  isMarket: fc.boolean(),
  limit: fc.oneof(fc.bigInt({ min: 0n, max: 10n ** 23n }), fc.constant(0n)),
  ordered: fc.oneof(
    fc.bigInt({ min: 0n, max: 10n ** 21n }),
    fc.bigInt({ min: 0n, max: 10n ** 16n }),
  ),
  free: fc.bigInt({ min: 0n, max: 10n ** 24n }),
  market: positive(10n ** 23n),
});

describe('the nearest valid value', () => {
  it('passes the rule that named it, whatever the order and the instrument', () => {
    const passed = new Map<string, number>();
    fc.assert(
      fc.property(instruments, requests, (instrument, drawn) => {
        const terms = drawn.isMarket
          ? ({ orderType: 'MARKET', timeInForce: 'IOC' } as const)
          : ({
              orderType: 'LIMIT',
              limitPrice: priceOfUnits(drawn.limit),
              timeInForce: 'GTC',
            } as const);
        const request = aRequest({
          side: drawn.side,
          terms,
          quantity: quantityOfUnits(drawn.ordered),
        });
        const [bidPrice, askPrice] = [priceOfUnits(drawn.market), priceOfUnits(drawn.market + 7n)];
        const check = aCheck({
          instrument,
          quote: aQuote({ bidPrice, askPrice }),
          freeBalance: moneyOfUnits(drawn.free),
        });
        for (const broken of validateOrder(request, check)) {
          if (broken.nearestValid === null) continue;
          const value = parseUnits(broken.nearestValid) ?? 0n;
          const mended: OrderRequest =
            broken.reason.startsWith('PRICE_') && terms.orderType === 'LIMIT'
              ? { ...request, terms: { ...terms, limitPrice: priceOfUnits(value) } }
              : { ...request, quantity: quantityOfUnits(value) };
          const left = validateOrder(mended, check).map(({ reason }) => reason);
          expect(left).not.toContain(broken.reason);
          passed.set(broken.reason, (passed.get(broken.reason) ?? 0) + 1);
        }
      }),
      { numRuns: 3_000 },
    );
    expect([...passed.keys()].sort()).toEqual(
      DENY_REASONS.filter((reason) => /^(PRICE|QUANTITY|NOTIONAL)_/.test(reason)).sort(),
    );
  });
});
