import { formatUnits } from '#shared/domain/decimal.ts';
import { formatMoney, type Money } from '#shared/domain/money.ts';
import type { FeeTier as FeeTierType } from '../__generated__/graphql.ts';
import { type FeeTier, nextTierFrom } from '../domain/fee-tier.ts';

/** A fee tier, and the volume by which an account is in it. */
export function feeTierAnswer({
  tier,
  thirtyDayVolume,
}: {
  readonly tier: FeeTier;
  readonly thirtyDayVolume: Money;
}): FeeTierType {
  const toVolume = nextTierFrom(tier);
  return {
    name: tier.name,
    fromVolume: formatMoney(tier.fromVolume),
    toVolume: toVolume === null ? null : formatMoney(toVolume),
    feeShare: formatUnits(tier.feeShare),
    thirtyDayVolume: formatMoney(thirtyDayVolume),
  };
}
