import type { BalanceChangeResolvers } from '../__generated__/graphql.ts';
import { streamedAccount } from './streamed-account.ts';

export const BalanceChange: BalanceChangeResolvers = {
  account: streamedAccount,
  balances: ({ balances }) => [...balances],
};
