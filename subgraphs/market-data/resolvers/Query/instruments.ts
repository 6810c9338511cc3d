import { connectionOf, parsePageRequest } from '#shared/graphql/connection.ts';
import { parseInstrumentSymbol } from '#shared/domain/ids.ts';
import type { QueryResolvers } from '../../__generated__/graphql.ts';

export const instruments: NonNullable<QueryResolvers['instruments']> = (_, args, { desk }) => {
  const page = parsePageRequest(args, (position) => parseInstrumentSymbol(position) !== null);
  const following = [...desk.catalog.instruments.values()]
    .filter(({ symbol }) => page.after === null || symbol > page.after)
    .slice(0, page.limit + 1);
  return connectionOf(following, page, ({ symbol }) => symbol);
};
