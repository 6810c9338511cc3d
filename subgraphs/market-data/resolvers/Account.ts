import { invariant } from '#shared/domain/invariant.ts';
import type { AccountResolvers } from '../__generated__/graphql.ts';
import type { BalanceToValue } from '../domain/prices/account-valuation.ts';

/** An account as the gateway sends it where its balances are required; nothing of it is stored here. */
export interface AccountToValue {
  readonly id: string;
  readonly balancesToValue?: readonly BalanceToValue[];
}

export const Account: AccountResolvers = {
  __resolveReference: (reference) => reference,
  valuation: ({ balancesToValue }, { quote }, { useCases }) => {
    invariant(balancesToValue !== undefined, 'an account is valued with its balances');
    return useCases.valuation(balancesToValue, quote);
  },
};
