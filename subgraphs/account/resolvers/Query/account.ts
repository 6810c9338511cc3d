import { parseAccountId } from '#shared/domain/ids.ts';
import { mayRead } from '#shared/identity/viewer.ts';
import type { QueryResolvers } from '../../__generated__/graphql.ts';

export const account: NonNullable<QueryResolvers['account']> = (_parent, args, context) => {
  const id = parseAccountId(args.id);
  if (id === null || !mayRead(context.viewer, id)) return null;
  return context.loaders.accounts.load(id);
};
