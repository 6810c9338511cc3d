import type { BalanceSnapshotResolvers } from '../__generated__/graphql.ts';
import { streamedAccount } from './streamed-account.ts';

export const BalanceSnapshot: BalanceSnapshotResolvers = {
  account: streamedAccount,
  balances: ({ balances }) => [...balances],
};
