import type { QueryResolvers } from '../../__generated__/graphql.ts';
import { pageOf } from '../pages.ts';
import { parsePeriod } from '#shared/graphql/parse-period.ts';
import { unlessUnknownSymbol } from '../unless-unknown-symbol.ts';

export const orders: NonNullable<QueryResolvers['orders']> = (
  _parent,
  { accountId, filter, ...args },
  { useCases, instruments },
) => {
  const listing = { ...filter, period: parsePeriod(args) };
  return pageOf(
    args,
    async (page) =>
      unlessUnknownSymbol(
        await useCases.orders(accountId, listing, page),
        filter?.symbol,
        instruments,
      ),
    ({ createdSequence }) => createdSequence,
  );
};
