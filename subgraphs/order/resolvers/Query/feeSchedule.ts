import { formatUnits } from '#shared/domain/decimal.ts';
import { formatMoney } from '#shared/domain/money.ts';
import type { QueryResolvers } from '../../__generated__/graphql.ts';
import { FEE_TIERS } from '../../domain/fee-tier.ts';

export const feeSchedule: NonNullable<QueryResolvers['feeSchedule']> = () =>
  FEE_TIERS.map(({ name, fromVolume, feeShare }) => ({
    name,
    fromVolume: formatMoney(fromVolume),
    feeShare: formatUnits(feeShare),
  }));
