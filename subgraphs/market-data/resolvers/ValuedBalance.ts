import { invariant } from '#shared/domain/invariant.ts';
import type { ValuedBalanceResolvers } from '../__generated__/graphql.ts';

export const ValuedBalance: ValuedBalanceResolvers = {
  asset: ({ asset: { code } }, _args, { useCases }) => {
    const asset = useCases.asset(code);
    invariant(asset !== null, `${code} is held and not an asset`);
    return asset;
  },
};
