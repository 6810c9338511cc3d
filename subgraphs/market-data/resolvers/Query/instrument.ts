import type { QueryResolvers } from '../../__generated__/graphql.ts';

export const instrument: NonNullable<QueryResolvers['instrument']> = (
  _,
  { symbol },
  { useCases },
) => useCases.instrument(symbol);
