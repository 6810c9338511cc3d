import type { QueryResolvers } from '../../__generated__/graphql.ts';
import { pageOf } from '../pages.ts';

export const orders: NonNullable<QueryResolvers['orders']> = (
  _parent,
  { accountId, filter, ...args },
  { useCases },
) =>
  pageOf(
    args,
    (page) => useCases.orders(accountId, filter ?? {}, page),
    ({ createdSequence }) => createdSequence,
  );
