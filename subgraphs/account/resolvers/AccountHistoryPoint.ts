import { parseAccountId } from '#shared/domain/ids.ts';
import { parseMoney } from '#shared/domain/money.ts';
import { may } from '#shared/identity/permission.ts';
import type { AccountHistoryPointResolvers } from '../__generated__/graphql.ts';
import type { HistoryPoint } from '../domain/account-history.ts';
import type { AccountLoaders } from '../loaders.ts';

export const AccountHistoryPoint: AccountHistoryPointResolvers = {
  __resolveReference: ({ accountId, at }, { viewer }) => {
    const id = parseAccountId(accountId);
    return id !== null && may(viewer, 'SEE_ACCOUNT', id) ? { accountId: id, at } : null;
  },
  balances: async (point, { omitZero }, { loaders }) =>
    (await heldAt(point, loaders)).filter(({ total }) => !omitZero || parseMoney(total) !== 0n),
  balancesToValue: async (point, _args, { loaders }) => [...(await heldAt(point, loaders))],
};

function heldAt({ accountId, at }: HistoryPoint, { pastBalances }: AccountLoaders) {
  return pastBalances.load({ accountId, atMs: Date.parse(at) });
}
