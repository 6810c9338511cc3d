import type { AssetResolvers } from '../__generated__/graphql.ts';

/** The fields of an asset beyond its own properties. */
export const Asset: AssetResolvers = {
  __resolveReference: ({ code }, { useCases }) => useCases.asset(code),
  lastPrice: ({ code }, { quote }, { useCases }) => useCases.lastPrice(code, quote),
};
