import { describe, expect, it } from 'vitest';
import type { MarketDepth } from '#shared/events/topics.ts';
import type { HouseLevel } from '../domain/house-liquidity.ts';
import { anInstrument, aQuote, money, NOW_MS, price, units } from '../domain/test-orders.ts';
import { House } from './house.ts';

const BTC_USDT = anInstrument();
const SETTINGS = { spreadBps: 0, levels: 5, sizePercent: 100, skew: null };

function aDepth(but: Partial<MarketDepth> = {}): MarketDepth {
  return {
    symbol: BTC_USDT.symbol,
    sequence: '7',
    bids: [['64000.00', '1.00000']],
    asks: [['64000.01', '2.00000']],
    receivedAtMs: NOW_MS,
    suspended: false,
    status: 'TRADING',
    ...but,
  };
}

function offered(house: House): string[] {
  const described = ({ priceTicks, leavesSteps }: HouseLevel) => `${leavesSteps} @ ${priceTicks}`;
  return house.levels(BTC_USDT).SELL.map(described);
}

describe('the house, on the live market', () => {
  const aHouse = (nowMs = NOW_MS) => new House(SETTINGS, { now: () => nowMs });
  const take = { side: 'SELL', priceTicks: 6_400_001, quantitySteps: 50_000 } as const;

  it('does not offer taken quantity again while the same market is repeated', () => {
    const house = aHouse();
    house.hear(aDepth());
    house.take(BTC_USDT, [take]);
    expect(offered(house)).toEqual(['150000 @ 6400001']);
    house.hear(aDepth());
    expect(offered(house)).toEqual(['150000 @ 6400001']);
  });

  it('offers it again with a newer market', () => {
    const house = aHouse();
    house.hear(aDepth());
    house.take(BTC_USDT, [take]);
    house.hear(aDepth({ receivedAtMs: NOW_MS + 100 }));
    expect(offered(house)).toEqual(['200000 @ 6400001']);
    house.take(BTC_USDT, [take]);
    house.hear(aDepth({ sequence: '8', receivedAtMs: NOW_MS + 100 }));
    expect(offered(house)).toEqual(['200000 @ 6400001']);
  });

  it('offers no more than its current inventory allows, even on an unchanged market', () => {
    const has = { quantity: 0n, promised: 0n };
    const skew = { bps: 0, inventoryLimit: money('64000') };
    const house = new House(
      { ...SETTINGS, skew },
      { now: () => NOW_MS },
      { of: () => has.quantity, promised: (_, side) => (side === 'SELL' ? has.promised : 0n) },
    );
    house.hear(aDepth());
    expect(offered(house)).toEqual(['100000 @ 6400001']);
    house.take(BTC_USDT, [take]);
    has.quantity = -units('0.5');
    expect(offered(house)).toEqual(['50000 @ 6400001']);
    house.hear(aDepth({ sequence: '8' }));
    expect(offered(house)).toEqual(['50000 @ 6400001']);
    has.promised = units('0.2');
    expect(offered(house)).toEqual(['30000 @ 6400001']);
    has.promised = units('0.6');
    expect(offered(house)).toEqual([]);
    // The capped quantity is offered again as soon as there is room for it.
    Object.assign(has, { quantity: 0n, promised: 0n });
    expect(offered(house)).toEqual(['100000 @ 6400001']);
  });

  it('measures from what is known of a market before it has heard of it, and offers nothing on that', () => {
    const known = aQuote({ suspended: true });
    const house = new House(SETTINGS, { now: () => NOW_MS }, undefined, { quote: () => known });
    expect(house.quote(BTC_USDT.symbol)).toEqual(known);
    expect(offered(house)).toEqual([]);
    house.hear(aDepth());
    expect(house.quote(BTC_USDT.symbol)).toMatchObject({ bidPrice: price('64000') });
  });

  it('offers nothing on a market that is dead when a clock that was set back has caught up', () => {
    let steadyMs = 0;
    const house = new House(SETTINGS, { now: () => NOW_MS, steadyNow: () => steadyMs });
    house.hear(aDepth());
    expect(offered(house)).toHaveLength(1);
    steadyMs += 3_600_000;
    house.hear(aDepth());
    expect(offered(house)).toEqual([]);
    // Triggers and the collar do not follow it either.
    expect(house.quote(BTC_USDT.symbol)?.receivedAtMs).toBe(NOW_MS - steadyMs);
    house.hear(aDepth({ sequence: '8' }));
    expect(offered(house)).toHaveLength(1);
    expect(house.quote(BTC_USDT.symbol)?.receivedAtMs).toBe(NOW_MS);
  });

  it('shows a dead market as old when the clock was set back to a little before it', () => {
    let steadyMs = 0;
    const house = new House(SETTINGS, { now: () => NOW_MS, steadyNow: () => steadyMs });
    house.hear(aDepth({ receivedAtMs: NOW_MS + 100 }));
    expect(house.quote(BTC_USDT.symbol)?.receivedAtMs).toBe(NOW_MS + 100);
    steadyMs += BTC_USDT.maxQuoteAgeMs + 1;
    expect(offered(house)).toEqual([]);
    expect(house.quote(BTC_USDT.symbol)?.receivedAtMs).toBe(NOW_MS - steadyMs);
  });

  it('offers nothing on a market that is stale, from before its clock was set back, or suspended', () => {
    const stale = aHouse(NOW_MS + BTC_USDT.maxQuoteAgeMs + 1);
    stale.hear(aDepth());
    expect(offered(stale)).toEqual([]);
    const setBack = aHouse(NOW_MS - BTC_USDT.maxQuoteAgeMs - 1);
    setBack.hear(aDepth());
    expect(offered(setBack)).toEqual([]);
    const suspended = aHouse();
    suspended.hear(aDepth());
    suspended.hear(aDepth({ suspended: true }));
    expect(offered(suspended)).toEqual([]);
  });

  it('offers nothing while the instrument does not trade, and resumes when it does', () => {
    const house = aHouse();
    house.hear(aDepth({ status: 'HALTED' }));
    expect(offered(house)).toEqual([]);
    expect(house.quote(BTC_USDT.symbol)).toMatchObject({ suspended: true });
    house.hear(aDepth());
    expect(offered(house)).toEqual(['200000 @ 6400001']);
  });
});
