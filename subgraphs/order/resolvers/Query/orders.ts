import type { QueryResolvers } from '../../__generated__/graphql.ts';
import { pageOf } from '../pages.ts';
import { parsePeriod } from '../parse-period.ts';

export const orders: NonNullable<QueryResolvers['orders']> = (
  _parent,
  { accountId, filter, ...args },
  { useCases },
) => {
  const listing = { ...filter, period: parsePeriod(args) };
  return pageOf(
    args,
    (page) => useCases.orders(accountId, listing, page),
    ({ createdSequence }) => createdSequence,
  );
};
