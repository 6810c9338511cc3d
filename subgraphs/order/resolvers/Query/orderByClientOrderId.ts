import type { QueryResolvers } from '../../__generated__/graphql.ts';

export const orderByClientOrderId: NonNullable<QueryResolvers['orderByClientOrderId']> = (
  _parent,
  { accountId, clientOrderId },
  { useCases },
) => useCases.orderByClientOrderId(accountId, clientOrderId);
