import { parseAccountId } from '#shared/domain/ids.ts';
import { may } from '#shared/identity/permission.ts';
import type { QueryResolvers } from '../../__generated__/graphql.ts';

export const account: NonNullable<QueryResolvers['account']> = (_parent, args, context) => {
  const id = parseAccountId(args.id);
  if (id === null || !may(context.viewer, 'READ_ACCOUNT', id)) return null;
  return context.loaders.accounts.load(id);
};
