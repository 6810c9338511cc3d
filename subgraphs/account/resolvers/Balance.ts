import type { BalanceResolvers } from '../__generated__/graphql.ts';

export const Balance: BalanceResolvers = {
  asset: ({ asset }) => ({ code: asset }),
};
