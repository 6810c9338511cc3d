import type { QueryResolvers } from '../../__generated__/graphql.ts';
import { ordersPage } from '../orders-page.ts';

export const orders: NonNullable<QueryResolvers['orders']> = (
  _parent,
  { accountId, ...args },
  context,
) => ordersPage(accountId, args, context);
