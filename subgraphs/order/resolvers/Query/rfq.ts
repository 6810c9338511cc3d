import type { QueryResolvers } from '../../__generated__/graphql.ts';

export const rfq: NonNullable<QueryResolvers['rfq']> = (_parent, { id }, { rfqUseCases }) =>
  rfqUseCases.rfq(id);
