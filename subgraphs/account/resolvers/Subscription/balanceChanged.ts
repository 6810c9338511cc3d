import { parseAccountId, trusted } from '#shared/domain/ids.ts';
import { DomainError, DomainErrorCode } from '#shared/graphql/domain-error.ts';
import { may } from '#shared/identity/permission.ts';
import type {
  SubscriptionBalanceChangedArgs,
  SubscriptionResolvers,
} from '../../__generated__/graphql.ts';
import { balanceStreamItemOf, type RawBalanceStreamItem } from '../../streams/balance-stream.ts';

export const balanceChanged: NonNullable<SubscriptionResolvers['balanceChanged']> = {
  subscribe: async (_parent, args, { viewer, loaders, useCases }) => {
    const accountId = parseAccountId(args.accountId);
    const account =
      accountId !== null && may(viewer, 'READ_ACCOUNT', accountId)
        ? await loaders.accounts.load(accountId)
        : null;
    if (account === null || viewer.kind !== 'trader')
      throw new DomainError(
        DomainErrorCode.NOT_FOUND,
        'There is no account with this id that you can see.',
      );
    return useCases.balanceStream(viewer.userId, account.id, args.after ?? null);
  },
  resolve: (item: RawBalanceStreamItem, { accountId }: SubscriptionBalanceChangedArgs) =>
    balanceStreamItemOf(trusted(parseAccountId, accountId), item),
};
