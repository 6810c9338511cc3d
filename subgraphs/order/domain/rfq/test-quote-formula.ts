import { expect } from 'vitest';
import { quantityOfUnits } from '#shared/domain/quantity.ts';
import { anInstrument, money } from '../test-orders.ts';
import { type PriceAsk, priceQuote, type PricingMarket, type QuotePricing } from './price-quote.ts';
import type { RfqSize } from './rfq.ts';
import { NOTHING_TAKEN, type TakenDepth } from './taken-depth.ts';
import type { DepthLevel } from './walk-depth.ts';

/** An instrument with a tick of 0.01. */
export const INSTRUMENT = anInstrument();
/** The default values. */
export const PRICING: QuotePricing = {
  spreadBps: 3,
  sizeBpsPerMillion: 2,
  volatilityPercent: 25,
  skew: { bps: 5, inventoryLimit: money('10000000') },
};

// The formula again, in fractions, without any of the pricer's own arithmetic.
interface Fraction {
  readonly over: bigint;
  readonly under: bigint;
}
const SCALE = 10n ** 18n;
const fraction = (over: bigint, under = 1n): Fraction => ({ over, under });
const times = (a: Fraction, b: Fraction) => fraction(a.over * b.over, a.under * b.under);
const plus = (a: Fraction, b: Fraction) =>
  fraction(a.over * b.under + b.over * a.under, a.under * b.under);
const floor = ({ over, under }: Fraction) => over / under - (over % under < 0n ? 1n : 0n);
const ceiling = (a: Fraction) => -floor(fraction(-a.over, a.under));
const ofUnits = (count: bigint) => fraction(count, SCALE);

function walked(levels: readonly DepthLevel[], size: RfqSize): Fraction | null {
  let [base, cost] = [fraction(0n), fraction(0n)];
  for (const level of levels) {
    const at = ofUnits(level.price);
    const isLast = (taken: Fraction, paid: Fraction) =>
      size.quantity === null
        ? paid.over * SCALE >= size.quoteQuantity * paid.under
        : taken.over * SCALE >= size.quantity * taken.under;
    const there = ofUnits(level.quantity);
    const [taken, paid] = [plus(base, there), plus(cost, times(there, at))];
    if (!isLast(taken, paid)) {
      [base, cost] = [taken, paid];
      continue;
    }
    if (size.quantity !== null) {
      const rest = plus(ofUnits(size.quantity), fraction(-base.over, base.under));
      const all = plus(cost, times(rest, at));
      return fraction(all.over * SCALE, all.under * size.quantity);
    }
    const rest = plus(ofUnits(size.quoteQuantity), fraction(-cost.over, cost.under));
    const bought = plus(base, fraction(rest.over * at.under, rest.under * at.over));
    return fraction(size.quoteQuantity * bought.under, SCALE * bought.over);
  }
  return null;
}

/** What is left of the levels once their first units are gone, one unit of account after the other. */
function leftOf(levels: readonly DepthLevel[], taken: bigint): readonly DepthLevel[] {
  let start = 0n;
  return levels.flatMap(({ price, quantity: whole }) => {
    const end = start + whole;
    const left = end - (taken > start ? (taken < end ? taken : end) : start);
    start = end;
    return left > 0n ? [{ price, quantity: quantityOfUnits(left) }] : [];
  });
}

/** Prices a size, and checks every figure of the price against the documented formula. */
export function expectFormula(ask: PriceAsk, market: PricingMarket): void {
  const mid = middleOf(market);
  const taken = takenOf(ask);
  const worth = worthOf(ask, taken, mid);
  const bySize = ceiling(times(fraction(2n * SCALE, 1_000_000n), worth));
  const own = ceiling(times(fraction(3n * SCALE + bySize), ofUnits(ask.tier.feeShare)));
  const spread = own + ceiling(fraction(25n * market.volatilityBps, 100n));
  const skew = skewOf(ask.inventory, mid);
  const { asks, bids, books } = walkedOf(market);
  const upper = ask.side === 'SELL' ? null : walked(leftOf(asks, taken.ask), ask.size);
  const lower = ask.side === 'BUY' ? null : walked(leftOf(bids, taken.bid), ask.size);
  const whole = 10_000n * SCALE;
  const priced = priceQuote(ask, market, PRICING, INSTRUMENT);
  const tick = INSTRUMENT.tickSize;
  if (priced !== null)
    expect(priced.basis).toMatchObject({
      ...{ spreadBps: spread, skewBps: skew, midPrice: mid, books, taken },
    });
  // A size within the house's limits has a price exactly if the market has the depth.
  expect([priced?.ask != null, priced?.bid != null]).toEqual([upper !== null, lower !== null]);
  if (priced?.ask != null && upper !== null) {
    const walkedAsk = ceiling(fraction(upper.over * SCALE, upper.under));
    const up = spread + skew > 0n ? spread + skew : 0n;
    const from = walkedAsk > mid ? walkedAsk : mid;
    const shown = ceiling(fraction(from * (whole + up), whole * tick)) * tick;
    expect(priced.ask.price).toBe(shown);
  }
  if (priced?.bid != null && lower !== null) {
    const walkedBid = floor(fraction(lower.over * SCALE, lower.under));
    const down = spread > skew ? spread - skew : 0n;
    const from = walkedBid < mid ? walkedBid : mid;
    const shown = floor(fraction(from * (whole - down), whole * tick)) * tick;
    expect(priced.bid.price).toBe(shown);
  }
}

/** What counts of what was taken: that of the requested sides. */
function takenOf({ side, taken = NOTHING_TAKEN }: PriceAsk): TakenDepth {
  if (side === null) return taken;
  return side === 'BUY' ? { ...taken, bid: 0n } : { ...taken, ask: 0n };
}

/** What the spread grows with: the size, and twice what was taken, at the middle. */
function worthOf({ size }: PriceAsk, { ask, bid }: TakenDepth, mid: bigint): Fraction {
  const before = times(fraction(2n), ofUnits(ask + bid));
  const atMid = (base: Fraction) => ofUnits(ceiling(times(base, fraction(mid))));
  return size.quantity === null
    ? plus(ofUnits(size.quoteQuantity), atMid(before))
    : atMid(plus(ofUnits(size.quantity), before));
}

function middleOf({ bids, asks }: PricingMarket): bigint {
  return ((bids[0]?.price ?? 0n) + (asks[0]?.price ?? 0n)) / 2n;
}

function walkedOf({ consolidated, bids, asks }: PricingMarket) {
  return consolidated ?? { bids, asks, books: [] };
}

/** Leans up to five basis points, in tenths of those, against an inventory worth ten million. */
function skewOf(inventory: bigint, mid: bigint): bigint {
  const most = 5n * SCALE;
  const tenth = 1_000_000n * SCALE;
  const worth = (inventory * mid) / SCALE;
  const tenths = (worth + (worth < 0n ? -tenth : tenth) / 2n) / tenth;
  const skew = -((most * tenths) / 10n);
  if (skew > most) return most;
  return skew < -most ? -most : skew;
}
