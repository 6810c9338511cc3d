import { divideDown, ONE } from '#shared/domain/decimal.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { type Money, moneyOfUnits, notional, ZERO_MONEY } from '#shared/domain/money.ts';
import type { Price } from '#shared/domain/price.ts';
import { type Quantity, quantityOfUnits } from '#shared/domain/quantity.ts';
import { feeAtWorst, feeOnFill, type FeeRates, feeRateOf } from './fees.ts';
import type { LiquiditySide } from './fill.ts';
import type { OrderHold, OrderSide } from './order.ts';

/** An instrument's rules for holds. */
export type HoldRules = Pick<Instrument, 'base' | 'quote' | 'quoteScale'> & FeeRates;

/** A further filled part of an order. */
export interface HoldUse {
  readonly price: Price;
  readonly quantity: Quantity;
  readonly liquiditySide: LiquiditySide;
  /** What the order still leaves after it. */
  readonly leavesAfter: Quantity;
  /** What an order by quote quantity could still trade for before it; null for all others. */
  readonly tradableLeft?: Money | null;
}

/** What a fill takes out of a hold and frees of it, in the hold's asset. */
export interface HoldSettlement {
  /** After the fill: exactly what the leaves need at worst. */
  readonly hold: OrderHold;
  /** In the quote asset, on both sides. */
  readonly fee: Money;
  readonly feeRate: bigint;
  /** A BUY's cost and fee; a SELL's quantity. */
  readonly settled: Money;
  /** What the hold no longer needs because price or fee was better than calculated. */
  readonly released: Money;
}

/**
 * What an order needs at worst: a BUY its worst price × quantity and the taker's fee on that, a
 * SELL its quantity, because its fee is taken from the proceeds.
 */
export function holdAmount(
  side: OrderSide,
  worstPrice: Price,
  quantity: Quantity,
  { quoteScale, ...rates }: FeeRates & Pick<HoldRules, 'quoteScale'>,
): Money {
  if (side === 'SELL') return moneyOfUnits(quantity);
  const cost = notional(worstPrice, quantity);
  return moneyOfUnits(cost + feeAtWorst(cost, rates, quoteScale));
}

/** The hold of a new order, not placed yet. */
export function holdFor(
  side: OrderSide,
  worstPrice: Price,
  quantity: Quantity,
  { base, quote, quoteScale, makerFeeRate, takerFeeRate }: HoldRules,
): OrderHold {
  const rates = { makerFeeRate, takerFeeRate };
  const placed = holdAmount(side, worstPrice, quantity, { quoteScale, ...rates });
  const asset = side === 'BUY' ? quote : base;
  return { asset, placed, remaining: placed, worstPrice, ...rates };
}

/**
 * Settles one fill against its order's hold. The remainder is what the leaves need at worst, so a
 * better price frees money at once, and the hold is never short.
 * @throws Error (an invariant) if the price is worse than the hold calculates with
 */
export function settleHold(
  side: OrderSide,
  hold: OrderHold,
  use: HoldUse,
  quoteScale: number,
): HoldSettlement {
  const { worstPrice } = hold;
  const isWithin = side === 'BUY' ? use.price <= worstPrice : use.price >= worstPrice;
  invariant(isWithin, `a ${side} fills at ${use.price}, which is worse than ${worstPrice}`);
  if (use.tradableLeft != null) return settleByQuote(side, hold, use, use.tradableLeft, quoteScale);
  const remaining = holdAmount(side, worstPrice, use.leavesAfter, { quoteScale, ...hold });
  const spendable = hold.remaining - remaining;
  const cost = notional(use.price, use.quantity);
  const feeRate = feeRateOf(hold, use.liquiditySide);
  const available = side === 'BUY' ? moneyOfUnits(spendable - cost) : null;
  const fee = feeOnFill(cost, feeRate, quoteScale, available);
  const settled = moneyOfUnits(side === 'BUY' ? cost + fee : use.quantity);
  const released = moneyOfUnits(spendable - settled);
  invariant(released >= 0n, `a hold is short of ${-released}`);
  return { hold: { ...hold, remaining }, fee, feeRate, settled, released };
}

/** It releases nothing before its last fill: a better price buys more, and frees nothing. */
function settleByQuote(
  side: OrderSide,
  hold: OrderHold,
  use: HoldUse,
  tradableLeft: Money,
  quoteScale: number,
): HoldSettlement {
  const cost = notional(use.price, use.quantity);
  const feeRate = feeRateOf(hold, use.liquiditySide);
  const available = side === 'BUY' ? moneyOfUnits(hold.remaining - tradableLeft) : null;
  const fee = feeOnFill(cost, feeRate, quoteScale, available);
  const settled = moneyOfUnits(side === 'BUY' ? cost + fee : use.quantity);
  const left = moneyOfUnits(hold.remaining - settled);
  invariant(left >= 0n, `a hold is short of ${-left}`);
  const isLast = use.leavesAfter === 0n;
  const [remaining, released] = isLast ? [ZERO_MONEY, left] : [left, ZERO_MONEY];
  return { hold: { ...hold, remaining }, fee, feeRate, settled, released };
}

/** The largest quantity whose hold a free balance can carry, not yet rounded to a step. */
export function quantityWithin(
  side: OrderSide,
  worstPrice: Price,
  free: Money,
  step: Quantity,
  rules: FeeRates & Pick<HoldRules, 'quoteScale'>,
): Quantity {
  let [low, high] = [0n, divideDown(free * ONE, step * (side === 'SELL' ? ONE : worstPrice))];
  while (low < high) {
    const middle = (low + high + 1n) / 2n;
    const needed = holdAmount(side, worstPrice, quantityOfUnits(middle * step), rules);
    if (needed <= free) low = middle;
    else high = middle - 1n;
  }
  return quantityOfUnits(low * step);
}
