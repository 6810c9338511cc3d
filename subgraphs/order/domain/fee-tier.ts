import { divideUp, ONE } from '#shared/domain/decimal.ts';
import { parseAssetCode, trusted } from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { type Money, moneyOfUnits } from '#shared/domain/money.ts';
import type { FeeRates } from './fees.ts';

/**
 * The asset that tiers are measured in. Trades in instruments with another quote asset do not
 * count: the desk has no price for adding them up.
 */
export const TIER_ASSET = trusted(parseAssetCode, 'USDT');

/** The share of an instrument's fees that an account pays, by its volume. */
export interface FeeTier {
  readonly name: string;
  /** The lowest 30-day volume, in {@link TIER_ASSET}. */
  readonly fromVolume: Money;
  /** A count of 10^-18. */
  readonly feeShare: bigint;
}

const volume = (whole: bigint) => moneyOfUnits(whole * ONE);

/** Lowest first; the first applies to everybody. */
export const FEE_TIERS: readonly [FeeTier, ...FeeTier[]] = [
  { name: 'BASE', fromVolume: volume(0n), feeShare: ONE },
  { name: 'BRONZE', fromVolume: volume(1_000_000n), feeShare: (ONE * 90n) / 100n },
  { name: 'SILVER', fromVolume: volume(10_000_000n), feeShare: (ONE * 75n) / 100n },
  { name: 'GOLD', fromVolume: volume(100_000_000n), feeShare: (ONE * 50n) / 100n },
];

/** The highest tier that a volume reaches; its bound is included. */
export function feeTierOf(thirtyDayVolume: Money): FeeTier {
  const tier = FEE_TIERS.findLast(({ fromVolume }) => thirtyDayVolume >= fromVolume);
  invariant(tier !== undefined, 'a volume is below zero');
  return tier;
}

/** The volume at which the next tier begins; null for the highest. */
export function nextTierFrom(tier: FeeTier): Money | null {
  return FEE_TIERS[FEE_TIERS.indexOf(tier) + 1]?.fromVolume ?? null;
}

/** Rates at a tier, rounded up at 18 digits. All other properties stay. */
export function withTier<Rates extends FeeRates>(rates: Rates, { feeShare }: FeeTier): Rates {
  return {
    ...rates,
    makerFeeRate: divideUp(rates.makerFeeRate * feeShare, ONE),
    takerFeeRate: divideUp(rates.takerFeeRate * feeShare, ONE),
  };
}
