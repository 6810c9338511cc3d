import { parseAccountId } from '#shared/domain/ids.ts';
import { parseMoney } from '#shared/domain/money.ts';
import { may } from '#shared/identity/permission.ts';
import type { AccountHistoryPointResolvers } from '../__generated__/graphql.ts';
import { historyPointAt } from '../domain/account-history.ts';

export const AccountHistoryPoint: AccountHistoryPointResolvers = {
  __resolveReference: ({ accountId, at }, { viewer, loaders }) => {
    const id = parseAccountId(accountId);
    if (id === null || !may(viewer, 'SEE_ACCOUNT', id)) return null;
    return historyPointAt(id, Date.parse(at), (key) => loaders.pastBalances.load(key));
  },
  balances: ({ balances }, { omitZero }) =>
    balances.filter(({ total }) => !omitZero || parseMoney(total) !== 0n),
  balancesToValue: ({ balances }) => [...balances],
};
