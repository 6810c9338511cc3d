import type { AssetResolvers } from '../__generated__/graphql.ts';
import { lastPriceOf } from '../domain/asset-price.ts';

/** What an asset tells beyond its own properties. */
export const Asset: AssetResolvers = {
  __resolveReference: ({ code }, { desk }) => desk.catalog.assets.get(code) ?? null,
  lastPrice: ({ code }, { quote }, { desk }) => lastPriceOf(desk.markets, code, quote),
};
