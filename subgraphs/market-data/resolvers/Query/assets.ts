import { parseAssetCode } from '#shared/domain/ids.ts';
import { connectionOf, parsePageRequest } from '#shared/graphql/connection.ts';
import type { QueryResolvers } from '../../__generated__/graphql.ts';

export const assets: NonNullable<QueryResolvers['assets']> = (_, args, { useCases }) => {
  const page = parsePageRequest(args, (position) => parseAssetCode(position) !== null);
  const following = useCases.assets(page.after, page.limit + 1);
  return connectionOf(following, page, ({ code }) => code);
};
