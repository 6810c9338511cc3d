import type { QueryResolvers } from '../../__generated__/graphql.ts';

export const asset: NonNullable<QueryResolvers['asset']> = (_, { code }, { useCases }) =>
  useCases.asset(code);
