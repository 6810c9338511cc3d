import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { priceOfUnits } from '#shared/domain/price.ts';
import { FEE_TIERS } from '../fee-tier.ts';
import { anInstrument, NOW_MS, price, quantity } from '../test-orders.ts';
import {
  type OutsideFault,
  outsideFault,
  type OutsidePrice,
  outsideQuote,
} from './outside-price.ts';

const INSTRUMENT = anInstrument();
const BOUNDS = { collarBps: 100, maxAgeMs: 1000 };
const MARKET = {
  ...{ sequence: '7', bidPrice: price('99.9'), askPrice: price('100.1') },
  ...{ midPrice: price('100'), volatilityBps: 0n },
};
const SIZE = { quantity: quantity('2'), quoteQuantity: null };
const at = (bid: string | null, ask: string | null, askedAt = NOW_MS): OutsidePrice => ({
  bidPrice: bid === null ? null : price(bid),
  askPrice: ask === null ? null : price(ask),
  ...{ reference: 'r-1', askedAt, askedOn: MARKET },
});
const faultOf = (outside: OutsidePrice) =>
  outsideFault(outside, { ...MARKET, nowMs: NOW_MS }, BOUNDS, INSTRUMENT);

describe('an outside price', () => {
  it.each<[string, OutsidePrice, OutsideFault | null]>([
    ['is used at the ends of the collar', at('99', '101'), null],
    ['is used with only one side', at(null, '100.5'), null],
    ['is not used above the collar', at('99', '101.01'), 'BEYOND_COLLAR'],
    ['is not used below the collar', at('98.99', '101'), 'BEYOND_COLLAR'],
    ['is not used crossed', at('100.01', '100'), 'CROSSED'],
    ['is not used with a bid at the ask', at('100', '100'), 'CROSSED'],
    ['is used with an ask at what the market pays', at('99', '99.9'), null],
    ['is not used with an ask below that', at('99', '99.89'), 'BEHIND_MARKET'],
    ['is used with a bid at what the market asks', at('100.1', null), null],
    ['is not used with a bid above that', at('100.11', '101'), 'BEHIND_MARKET'],
    ['is not used off the tick', at('99.995', '101'), 'OFF_TICK'],
    ['is not used at zero', at('0', '101'), 'OFF_TICK'],
    ['is used at the largest age', at('99', '101', NOW_MS - 1000), null],
    ['is not used when older', at('99', '101', NOW_MS - 1001), 'STALE'],
    ['is not used without a market', { ...at('99', '101'), askedOn: null }, 'UNMEASURED'],
  ])('%s', (_name, outside, fault) => {
    expect(faultOf(outside)).toBe(fault);
  });

  it('is quoted on the requested sides, within the limits of the house', () => {
    const quoteOf = (side: 'BUY' | 'SELL' | null, room: bigint | null, outside = at('99', '101')) =>
      outsideQuote({ side, size: SIZE, tier: FEE_TIERS[0] }, outside, () => room, INSTRUMENT);
    expect(quoteOf(null, null)).toMatchObject({
      bid: { price: price('99'), quantity: SIZE.quantity },
      ask: { price: price('101'), quantity: SIZE.quantity },
      basis: {
        ...{ bookSequence: '7', midPrice: MARKET.midPrice, walkedAskPrice: null, spreadBps: 0n },
        outside: { reference: 'r-1', askedAt: NOW_MS },
      },
    });
    expect(quoteOf('BUY', SIZE.quantity)).toMatchObject({ bid: null, ask: {} });
    expect(quoteOf('SELL', null)).toMatchObject({ bid: {}, ask: null });
    expect(quoteOf(null, SIZE.quantity - 1n)).toBeNull();
    expect(quoteOf('BUY', null, at('99', null))).toBeNull();
  });

  it.each([
    ['99.95', '99.97', { bid: price('99.95'), ask: price('100') }],
    ['100.03', '100.05', { bid: price('100'), ask: price('100.05') }],
    ['99.99', '100', { bid: price('99.99'), ask: price('100') }],
  ])('is quoted up to the middle of the market: %s to %s', (bid, ask, expected) => {
    const asked = { side: null, size: SIZE, tier: FEE_TIERS[0] };
    expect(outsideQuote(asked, at(bid, ask), () => null, INSTRUMENT)).toMatchObject({
      bid: { price: expected.bid },
      ask: { price: expected.ask },
    });
  });

  it('is not quoted on a side on which the client has just taken something', () => {
    const quoteOf = (side: 'BUY' | null, ask: bigint) => {
      const asked = { side, size: SIZE, tier: FEE_TIERS[0], taken: { ask, bid: 0n } };
      return outsideQuote(asked, at('99', '101'), () => null, INSTRUMENT);
    };
    expect(quoteOf(null, 1n)).toMatchObject({ bid: { price: price('99') }, ask: null });
    expect(quoteOf('BUY', 1n)).toBeNull();
    expect(quoteOf('BUY', 0n)).toMatchObject({ ask: { price: price('101') } });
  });

  it('is never quoted crossed, off the tick, far from the middle or behind the market, whatever the pricer answers', () => {
    const anyPrice = fc.option(
      fc.bigInt({ min: 9_700n, max: 10_300n }).map((cents) => cents * 10n ** 16n),
      { nil: null },
    );
    const tail = fc.constantFrom(0n, 0n, 0n, 1n);
    fc.assert(
      fc.property(
        anyPrice,
        anyPrice,
        tail,
        fc.integer({ min: 0, max: 2000 }),
        (bid, ask, odd, age) => {
          const outside: OutsidePrice = {
            bidPrice: bid === null ? null : priceOfUnits(bid),
            askPrice: ask === null ? null : priceOfUnits(ask + odd),
            ...{ reference: null, askedAt: NOW_MS - age, askedOn: MARKET },
          };
          const isSane =
            age <= 1000 &&
            [outside.bidPrice, outside.askPrice].every(
              (one) =>
                one === null ||
                (one % INSTRUMENT.tickSize === 0n && one >= price('99') && one <= price('101')),
            ) &&
            (bid === null || ask === null || bid < ask + odd) &&
            (bid === null || bid <= MARKET.askPrice) &&
            (ask === null || ask >= MARKET.bidPrice);
          expect(faultOf(outside) === null).toBe(isSane);
        },
      ),
    );
  });
});
