import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { priceOfUnits } from '#shared/domain/price.ts';
import type { OrderSide } from '../order.ts';
import { FEE_TIERS, type FeeTier } from '../fee-tier.ts';
import { anInstrument, money, NOW_MS, price, quantity, units } from '../test-orders.ts';
import { priceQuote } from './price-quote.ts';
import { MidHistory } from './mid-history.ts';
import type { PricedQuote } from './rfq-quote.ts';
import { RFQ_SETTINGS } from './rfq-settings.ts';
import { lookLast, worseBps, toleranceFor, worstAccepted } from './last-look.ts';

const INSTRUMENT = anInstrument();
const TOLERANCE_BPS = units('5');

function look(
  side: OrderSide,
  from: string | bigint,
  to: string | bigint,
  maxSlippageBps = 0,
  takenBps = 0n,
) {
  const priceAt = (one: string | bigint) =>
    typeof one === 'string' ? price(one) : priceOfUnits(one);
  const accept = { side, price: priceAt(from), maxSlippageBps };
  const mids = { quotedMid: priceAt(from), mid: priceAt(to) };
  const moved = { ...mids, takenBps, toleranceBps: TOLERANCE_BPS };
  return lookLast({ accept, ...moved }, INSTRUMENT);
}

/** A house that can have 10 BTC. */
const skew = { bps: 5, inventoryLimit: money('100000') };

/** What the desk quotes to a client of a tier at a market around this number of ticks. */
function quotedAt(
  ticks: number,
  tier: FeeTier,
  history: MidHistory,
  inventory: bigint,
): PricedQuote {
  const level = (count: number) => ({
    price: price((count / 100).toFixed(2)),
    quantity: quantity('9'),
  });
  const [bids, asks] = [[level(ticks - 1)], [level(ticks + 1)]];
  history.add(price((ticks / 100).toFixed(2)), NOW_MS);
  const volatilityBps = history.rangeBps(NOW_MS);
  const market = { sequence: '1', consolidated: null, volatilityBps, bids, asks };
  const size = { quantity: quantity('1'), quoteQuantity: null };
  const ask = { side: null, size, tier, inventory };
  const quote = priceQuote(ask, market, { ...RFQ_SETTINGS.pricing, skew }, INSTRUMENT);
  if (quote === null) throw new Error('There is no quote.');
  return quote;
}

describe('the last look', () => {
  it('keeps the quoted price within the tolerance in both directions, and no further', () => {
    expect(look('BUY', '10000', '10005')).toMatchObject({ kind: 'fill', price: price('10000') });
    expect(look('BUY', '10000', '9995')).toMatchObject({ kind: 'fill', price: price('10000') });
    expect(look('BUY', '10000', '10005.01')).toMatchObject({ kind: 'moved' });
    expect(look('BUY', '10000', '9994.99')).toMatchObject({
      kind: 'fill',
      price: price('9994.99'),
    });
    expect(look('SELL', '10000', '9990')).toMatchObject({
      ...{ kind: 'moved', lastLook: { moveBps: units('10') } },
    });
    expect(look('SELL', '10000', '9994.99')).toMatchObject({ kind: 'moved' });
    expect(look('SELL', '10000', '10005.01')).toMatchObject({ price: price('10005.01') });
  });

  it('is symmetrical: a move that is refused in one direction is passed on in full in the other', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 100n, max: 10_000_000n }),
        fc.bigInt({ min: 0n, max: 10_000n }),
        fc.constantFrom<OrderSide>('BUY', 'SELL'),
        (ticks, moveTicks, side) => {
          const from = ticks * INSTRUMENT.tickSize;
          const move = (moveTicks < ticks ? moveTicks : ticks - 1n) * INSTRUMENT.tickSize;
          const against = look(side, from, side === 'BUY' ? from + move : from - move);
          const towards = look(side, from, side === 'BUY' ? from - move : from + move);
          const isPassedOn = towards.kind === 'fill' && towards.price !== from;
          expect(against.kind === 'moved').toBe(isPassedOn);
          expect(towards.lastLook.moveBps).toBe(-against.lastLook.moveBps);
          if (isPassedOn) expect(towards.price).toBe(side === 'BUY' ? from - move : from + move);
          if (against.kind === 'fill') expect(against.price).toBe(from);
        },
      ),
    );
  });

  it('fills at a worse price only within the slippage that the client allows', () => {
    expect(look('BUY', '10000', '10010', 10)).toMatchObject({ price: price('10010') });
    expect(look('BUY', '10000', '10010.01', 10)).toMatchObject({ kind: 'moved' });
    expect(look('SELL', '10000', '9990', 10)).toMatchObject({ price: price('9990') });
    expect(look('SELL', '10000', '9989.99', 10)).toMatchObject({ kind: 'moved' });
    const accept = { side: 'BUY', price: price('33.33'), maxSlippageBps: 20 } as const;
    // 33.39666, and down to the tick: never more than was said.
    expect(worstAccepted(accept, INSTRUMENT)).toBe(price('33.39'));
    // 33.26334, and up to the tick.
    expect(worstAccepted({ ...accept, side: 'SELL' }, INSTRUMENT)).toBe(price('33.27'));
  });

  it('leaves nobody a profit who takes an old quote and trades back at the newest one, however the house leans', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 80 }),
        fc.constantFrom(...FEE_TIERS),
        fc.constantFrom<OrderSide>('BUY', 'SELL'),
        fc.tuple(...[8, 8].map((most) => fc.constantFrom('0', `${most}`, `-${most}`))),
        (tenthsOfBps, tier, side, inventory) => {
          const history = new MidHistory();
          const from = 1_000_000;
          const by = tenthsOfBps * 10 * (side === 'BUY' ? 1 : -1);
          const [first = 0n, then = 0n] = inventory.map(units);
          const before = quotedAt(from, tier, history, first);
          const after = quotedAt(from + by, tier, history, then);
          const [offered, back] =
            side === 'BUY' ? [before.ask, after.bid] : [before.bid, after.ask];
          if (before.basis === null || after.basis === null || offered === null || back === null)
            throw new Error('There is no quote.');
          const decision = lookLast(
            {
              accept: { side, price: offered.price, maxSlippageBps: 0 },
              ...{ quotedMid: before.basis.midPrice, mid: after.basis.midPrice, takenBps: 0n },
              toleranceBps: toleranceFor(
                { side, price: offered.price },
                before.basis,
                RFQ_SETTINGS.toleranceBps,
              ),
            },
            INSTRUMENT,
          );
          if (decision.kind === 'moved') return;
          const profit = side === 'BUY' ? back.price - decision.price : decision.price - back.price;
          expect(profit).toBeLessThan(0n);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('has the tolerance of the desk for quotes farther away from the market', () => {
    const midPrice = price('10000');
    const toleranceOf = (side: OrderSide, spread: string, lean = '0') => {
      const basis = { spreadBps: units(spread), skewBps: units(lean), midPrice, outside: null };
      return toleranceFor({ side, price: midPrice }, basis, 5);
    };
    expect(toleranceOf('BUY', '1.5')).toBe(units('1.5'));
    expect(toleranceOf('SELL', '5.1')).toBe(units('5'));
    const leaning = (['BUY', 'SELL'] as const).map((side) => toleranceOf(side, '3', '1'));
    expect(leaning).toEqual([units('4'), units('2')]);
    expect(toleranceOf('SELL', '3', '4')).toBe(0n);
    expect(toleranceFor({ side: 'BUY', price: midPrice }, null, 5)).toBe(units('5'));
  });

  it('has no more tolerance for an outside price than that is away from the middle', () => {
    const outside = { reference: null, askedAt: 0 };
    const basis = { spreadBps: 0n, skewBps: 0n, midPrice: price('10000'), outside };
    const toleranceOf = (side: OrderSide, at: string) =>
      toleranceFor({ side, price: price(at) }, basis, 5);
    expect(['10001.5', '10005', '10006', '9999'].map((at) => toleranceOf('BUY', at))).toEqual(
      ['1.5', '5', '5', '0'].map(units),
    );
    expect(['9998', '10001'].map((at) => toleranceOf('SELL', at))).toEqual(['2', '0'].map(units));
  });

  it('counts what the client has taken since as a move of its own, with one tolerance for both', () => {
    const kept = { kind: 'fill', price: price('10000') };
    expect(look('BUY', '10000', '10000', 0, units('5'))).toMatchObject(kept);
    expect(look('BUY', '10000', '10000', 0, units('5.01'))).toEqual({
      kind: 'moved',
      lastLook: { midPrice: price('10000'), moveBps: 0n, takenBps: units('5.01') },
    });
    expect(look('SELL', '10000', '10000', 0, units('5.01'))).toMatchObject({ kind: 'moved' });
    expect(look('BUY', '10000', '10003', 0, units('3'))).toMatchObject({ kind: 'moved' });
    expect(look('BUY', '10000', '9994', 0, units('3'))).toMatchObject(kept);
    // 10,000 × 1.001 × 1.0005
    expect(look('BUY', '10000', '10010', 20, units('5'))).toMatchObject({
      price: price('10015.01'),
    });
    expect(look('SELL', '10000', '9990', 20, units('5'))).toMatchObject({ price: price('9985') });
    expect(worseBps('BUY', price('100'), price('100.5'))).toBe(units('50'));
    expect(worseBps('SELL', price('100'), price('100.5'))).toBe(-units('50'));
  });

  it('measures nothing for a quote that was made by hand', () => {
    const accept = { side: 'BUY', price: price('10000'), maxSlippageBps: 0 } as const;
    const mids = { quotedMid: null, mid: price('20000') };
    const moved = { ...mids, takenBps: 0n, toleranceBps: TOLERANCE_BPS };
    expect(lookLast({ accept, ...moved }, INSTRUMENT)).toEqual({
      kind: 'fill',
      price: price('10000'),
      lastLook: { midPrice: null, moveBps: units('0'), takenBps: units('0') },
    });
  });
});
