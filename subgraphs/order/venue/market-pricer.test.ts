import { describe, expect, it } from 'vitest';
import type { Clock } from '#shared/domain/clock.ts';
import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import type { ConsolidatedDepth, MarketDepth } from '#shared/events/topics.ts';
import { FEE_TIERS } from '../domain/fee-tier.ts';
import { RFQ_SETTINGS } from '../domain/rfq/rfq-settings.ts';
import {
  anInstrument,
  money,
  NOW_MS,
  price,
  quantity,
  STILL,
  units,
} from '../domain/test-orders.ts';
import { MarketPricer } from './market-pricer.ts';

const INSTRUMENT = anInstrument();
const symbol = 'BTC-USDT' as InstrumentSymbol;
const BOOKS = [
  { venue: 'first', sequence: '3' },
  { venue: 'second', sequence: '9' },
];

const HOME: MarketDepth = {
  ...{ symbol, sequence: '7', suspended: false, status: 'TRADING', receivedAtMs: NOW_MS },
  ...{ bids: [['99.99', '1']], asks: [['100.01', '1']] },
};

/** A pricer that has received only its home market, with one level on each side. */
function aPricer(clock: Clock = STILL) {
  const nothing = { of: () => 0n };
  const pricer = new MarketPricer({ ...RFQ_SETTINGS.pricing, skew: null }, nothing, clock);
  pricer.hear(HOME);
  return pricer;
}
const books = (bid: string, ask: string, asOfMs = NOW_MS): ConsolidatedDepth => ({
  ...{ symbol, books: BOOKS, asOfMs },
  ...{ bids: [[bid, '5']], asks: [[ask, '5']] },
});
const priceOf = (pricer: MarketPricer, size: string, nowMs = NOW_MS) => {
  const ask = { side: null, size: { quantity: quantity(size), quoteQuantity: null } };
  return pricer.price({ ...ask, tier: FEE_TIERS[0] }, INSTRUMENT, nowMs);
};

describe('the pricer', () => {
  it('walks the books of all venues, and keeps the middle of the home', () => {
    const pricer = aPricer();
    expect(priceOf(pricer, '2')).toBeNull();
    pricer.hearConsolidated(books('99.97', '100.05'));
    expect(priceOf(pricer, '2')?.basis).toMatchObject({
      ...{ books: BOOKS, bookSequence: '7', midPrice: price('100') },
      ...{ walkedBidPrice: price('99.97'), walkedAskPrice: price('100.05') },
    });
    expect(pricer.midPrice(INSTRUMENT, NOW_MS)).toBe(price('100'));
  });

  it('can say what a quantity costs beyond what was taken, whatever the house has and has room for', () => {
    const skew = { bps: 5, inventoryLimit: money('1') };
    const limited = { ...RFQ_SETTINGS.pricing, spreadBps: 0, sizeBpsPerMillion: 0, skew };
    const pricer = new MarketPricer(limited, { of: () => -units('1000') }, STILL);
    pricer.hear({
      ...HOME,
      asks: [
        ['100.01', '1'],
        ['101', '1'],
      ],
      bids: [['99.99', '1']],
    });
    const ask = { quantity: quantity('0.5'), tier: FEE_TIERS[0] };
    const beyond = (side: 'BUY' | 'SELL', taken: string) =>
      pricer.priceBeyond({ ...ask, side, taken: units(taken) }, INSTRUMENT, NOW_MS);
    expect(['0', '0.5', '0.75', '1.5', '1.6'].map((taken) => beyond('BUY', taken))).toEqual([
      price('100.01'),
      price('100.01'),
      price('100.51'),
      price('101'),
      null,
    ]);
    expect(['0.5', '0.6'].map((taken) => beyond('SELL', taken))).toEqual([price('99.99'), null]);
  });

  it('walks only the home book while the venues are crossed, or one of their books is too old', () => {
    const pricer = aPricer();
    const isHome = (nowMs?: number) => {
      const basis = priceOf(pricer, '1', nowMs)?.basis;
      return basis?.books.length === 0 && basis.walkedAskPrice === price('100.01');
    };
    pricer.hearConsolidated(books('100.02', '100.02'));
    expect(isHome()).toBe(true);
    pricer.hearConsolidated(books('99.97', '100.05', NOW_MS - INSTRUMENT.maxQuoteAgeMs));
    expect(isHome()).toBe(false);
    expect(isHome(NOW_MS + 1)).toBe(true);
    pricer.hearConsolidated(books('99.97', '100.05'));
    expect(isHome(NOW_MS + 1)).toBe(false);
  });

  it.each([
    ['above', '100.03', '100.05'],
    ['exactly to', '100.02', '100.04'],
    ['below', '99.95', '99.97'],
    ['exactly down to', '99.96', '99.98'],
  ])(
    'walks only the home book when that has moved %s the books of all venues, which arrive apart',
    (_, bid, ask) => {
      const pricer = aPricer();
      pricer.hearConsolidated(books('99.98', '100.02'));
      expect(priceOf(pricer, '1')?.basis?.books).toEqual(BOOKS);
      pricer.hear({
        ...{ symbol, sequence: '8', suspended: false, status: 'TRADING', receivedAtMs: NOW_MS },
        ...{ bids: [[bid, '1']], asks: [[ask, '1']] },
      });
      const priced = priceOf(pricer, '1');
      expect(priced?.basis?.books).toEqual([]);
      // Whoever trades with the desk cannot trade back on the home market at a profit.
      expect(priced?.ask?.price).toBeGreaterThan(price(bid));
      expect(priced?.bid?.price).toBeLessThan(price(ask));
      pricer.hearConsolidated(books(bid, ask));
      expect(priceOf(pricer, '1')?.basis?.books).toEqual(BOOKS);
    },
  );

  it.each(['CANCEL_ONLY', 'HALTED', 'CLOSED'] as const)(
    'has no price while its home is %s',
    (status) => {
      const pricer = aPricer();
      pricer.hear({
        ...{ symbol, sequence: '8', suspended: false, status, receivedAtMs: NOW_MS },
        ...{ bids: [['99.99', '1']], asks: [['100.01', '1']] },
      });
      expect(pricer.midPrice(INSTRUMENT, NOW_MS)).toBeNull();
      expect(pricer.market(INSTRUMENT, NOW_MS)).toBeNull();
      expect(priceOf(pricer, '1')).toBeNull();
    },
  );

  it('has no price while its home is crossed, and one again when it is not', () => {
    const pricer = aPricer();
    const hear = (bid: string, ask: string) => {
      pricer.hear({
        ...{ symbol, sequence: '8', suspended: false, status: 'TRADING', receivedAtMs: NOW_MS },
        ...{ bids: [[bid, '1']], asks: [[ask, '1']] },
      });
      return [priceOf(pricer, '1'), pricer.midPrice(INSTRUMENT, NOW_MS)];
    };
    expect(hear('101', '99')).toEqual([null, null]);
    expect(pricer.market(INSTRUMENT, NOW_MS)).toBeNull();
    pricer.hearConsolidated(books('99.97', '100.05'));
    expect(hear('101', '99')).toEqual([null, null]);
    expect(hear('100', '100')).toMatchObject([{ basis: { midPrice: price('100') } }, price('100')]);
  });

  it('has no price of a market that is dead when a clock that was set back has caught up', () => {
    let steadyMs = 0;
    const clock = { now: () => NOW_MS, steadyNow: () => steadyMs };
    const pricer = aPricer(clock);
    expect(priceOf(pricer, '1')).not.toBeNull();
    // An hour later the clock is where it was, and the market still the same.
    steadyMs += 3_600_000;
    pricer.hear(HOME);
    expect(priceOf(pricer, '1')).toBeNull();
    expect(pricer.midPrice(INSTRUMENT, NOW_MS)).toBeNull();
    pricer.hear({ ...HOME, receivedAtMs: NOW_MS + 1 });
    expect(priceOf(pricer, '1')).not.toBeNull();
  });

  it('walks only the home book when the books of all venues are dead and a clock that was set back has caught up', () => {
    let steadyMs = 0;
    const pricer = aPricer({ now: () => NOW_MS, steadyNow: () => steadyMs });
    pricer.hearConsolidated(books('99.97', '100.05'));
    expect(priceOf(pricer, '1')?.basis?.books).toEqual(BOOKS);
    steadyMs += 3_600_000;
    pricer.hear({ ...HOME, sequence: '8' });
    pricer.hearConsolidated(books('99.97', '100.05'));
    expect(priceOf(pricer, '1')?.basis?.books).toEqual([]);
    pricer.hearConsolidated(books('99.97', '100.05', NOW_MS + 1));
    expect(priceOf(pricer, '1')?.basis?.books).toEqual(BOOKS);
  });

  it('has no price while its home has none, whatever the other venues show', () => {
    const pricer = aPricer();
    pricer.hearConsolidated(books('99.97', '100.05', NOW_MS + 10_000));
    expect(priceOf(pricer, '1', NOW_MS + INSTRUMENT.maxQuoteAgeMs + 1)).toBeNull();
  });
});
