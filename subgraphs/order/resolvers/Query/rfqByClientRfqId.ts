import type { QueryResolvers } from '../../__generated__/graphql.ts';

export const rfqByClientRfqId: NonNullable<QueryResolvers['rfqByClientRfqId']> = (
  _parent,
  { accountId, clientRfqId },
  { rfqUseCases },
) => rfqUseCases.rfqByClientRfqId(accountId, clientRfqId);
