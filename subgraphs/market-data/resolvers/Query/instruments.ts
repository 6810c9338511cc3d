import { connectionOf, parsePageRequest } from '#shared/graphql/connection.ts';
import { parseInstrumentSymbol } from '#shared/domain/ids.ts';
import type { QueryResolvers } from '../../__generated__/graphql.ts';

export const instruments: NonNullable<QueryResolvers['instruments']> = (_, args, { useCases }) => {
  const page = parsePageRequest(args, (position) => parseInstrumentSymbol(position) !== null);
  const following = useCases.instruments(page.after, page.limit + 1);
  return connectionOf(following, page, ({ symbol }) => symbol);
};
