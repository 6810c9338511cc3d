import type { QueryResolvers } from '../../__generated__/graphql.ts';

export const order: NonNullable<QueryResolvers['order']> = (_parent, { id }, { useCases }) =>
  useCases.order(id);
