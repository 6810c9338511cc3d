import { invariant } from '#shared/domain/invariant.ts';
import type { AccountHistoryPointResolvers } from '../__generated__/graphql.ts';
import type { AccountToValue } from './Account.ts';

/** A point of an account's history as the gateway sends it where its balances are required. */
export interface HistoryPointToValue extends Pick<AccountToValue, 'balancesToValue'> {
  readonly accountId: string;
  readonly at: string;
}

export const AccountHistoryPoint: AccountHistoryPointResolvers = {
  __resolveReference: (reference) => reference,
  valuation: ({ at, balancesToValue }, { quote }, { useCases, loaders }) => {
    invariant(balancesToValue !== undefined, 'a point is valued with its balances');
    return useCases.pastValuation(balancesToValue, quote, Date.parse(at), loaders.candles);
  },
};
