import { invariant } from '#shared/domain/invariant.ts';
import { feeOn, type Money, moneyOfUnits } from '#shared/domain/money.ts';
import type { LiquiditySide } from './fill.ts';

/** Shares of the notional, as counts of 10^-18. */
export interface FeeRates {
  readonly makerFeeRate: bigint;
  readonly takerFeeRate: bigint;
}

/** The rate of a fill. */
export function feeRateOf(rates: FeeRates, liquiditySide: LiquiditySide): bigint {
  return liquiditySide === 'MAKER' ? rates.makerFeeRate : rates.takerFeeRate;
}

/**
 * The rate that a hold calculates with: the taker rate, because a resting order's first fill may be
 * a taker's, unless the maker rate is higher.
 */
export function feeAtWorst(cost: Money, rates: FeeRates, quoteScale: number): Money {
  const { makerFeeRate, takerFeeRate } = rates;
  return feeOn(cost, makerFeeRate > takerFeeRate ? makerFeeRate : takerFeeRate, quoteScale);
}

/**
 * The fee on one fill, in the quote asset, rounded up to its scale, but never more than is left for
 * it. A BUY's hold allows one rounding for the whole order; when it fills at its limit in many
 * parts, the part that finds the rounding already paid is rounded down.
 * @param available what the hold can spare for this fill's fee; null for a SELL, which pays from
 *   its proceeds
 * @throws Error (an invariant) if the hold cannot even carry the cost
 */
export function feeOnFill(
  cost: Money,
  rate: bigint,
  quoteScale: number,
  available: Money | null,
): Money {
  invariant(available === null || available >= 0n, `a hold is short of ${-(available ?? 0n)}`);
  const fee = feeOn(cost, rate, quoteScale);
  return available === null || fee <= available ? fee : moneyOfUnits(available);
}
