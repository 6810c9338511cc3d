import { parseAssetCode } from '#shared/domain/ids.ts';
import type { AssetResolvers } from '../__generated__/graphql.ts';
import type { AccountLoaders } from '../loaders.ts';
import type { Rail } from '../domain/rail.ts';

/** An asset of which only the code is known here; market-data has the rest. */
export interface AssetReference {
  readonly code: string;
}

export const Asset: AssetResolvers = {
  __resolveReference: (reference) => reference,
  depositsSuspension: (asset, _args, { loaders }) => suspensionOf(asset, 'DEPOSITS', loaders),
  withdrawalsSuspension: (asset, _args, { loaders }) => suspensionOf(asset, 'WITHDRAWALS', loaders),
};

async function suspensionOf(
  { code }: AssetReference,
  wanted: Rail,
  { suspensions }: AccountLoaders,
) {
  const asset = parseAssetCode(code);
  const all = asset === null ? [] : await suspensions.load(asset);
  return all.find(({ rail }) => rail === wanted) ?? null;
}
