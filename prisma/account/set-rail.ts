import { toTimestamp } from '#shared/domain/clock.ts';
import { MAX_REASON_LENGTH, parseDisplayText } from '#shared/domain/display-text.ts';
import { type AssetCode, parseAssetCode } from '#shared/domain/ids.ts';
import type { Rail, RailChange } from '../../subgraphs/account/domain/rail.ts';
import type { AccountStores } from '../../subgraphs/account/store/open-account-stores.ts';
import { withStores } from './with-stores.ts';

/** In characters. */
const MAX_OPERATOR_LENGTH = 64;
const MAX_LISTED = 100;

/** The rail of an asset, why it is to be suspended, and who does it; a null reason resumes it. */
interface RailRequest {
  readonly asset: string;
  readonly rail: Rail;
  readonly reason: string | null;
  readonly operator: string;
}

/**
 * Suspends the deposits or the withdrawals of an asset, from the next movement on, or resumes them, and records who did
 * it. Repeating it is harmless; another reason replaces the first one.
 * @returns a sentence with the result
 * @throws Error with one clear sentence if there is no such asset, or a text cannot be shown
 */
export function setRail(databaseUrl: string, { asset, rail, ...request }: RailRequest) {
  return withStores(databaseUrl, async (stores, atMs) => {
    const code = await assetOf(stores, asset);
    const name = nameOf({ asset: code, rail });
    const operator = shown('The name of an operator', request.operator, MAX_OPERATOR_LENGTH);
    const reason =
      request.reason === null ? null : shown('A reason', request.reason, MAX_REASON_LENGTH);
    const isChanged = await stores.rails.change({ asset: code, rail, reason, operator, atMs });
    if (reason !== null) return `${name} are suspended: ${reason}`;
    return `${name} are ${isChanged ? 'resumed' : 'not suspended'}.`;
  });
}

/**
 * What was done to the rails of an asset, or of all for null: at most 100 lines, newest first.
 * @throws Error with one clear sentence if there is no such asset
 */
export function railTrail(databaseUrl: string, asset: string | null): Promise<string> {
  return withStores(databaseUrl, async (stores) => {
    const code = asset === null ? null : await assetOf(stores, asset);
    const changes = await stores.rails.changesOf(code, MAX_LISTED);
    return changes.length === 0 ? 'Nothing was ever suspended.' : changes.map(lineOf).join('\n');
  });
}

async function assetOf({ accounts }: AccountStores, text: string): Promise<AssetCode> {
  const code = parseAssetCode(text);
  if (code !== null && (await accounts.knownAssets([code])).size > 0) return code;
  throw new Error(`There is no asset ${JSON.stringify(text)}.`);
}

function shown(what: string, text: string, maxLength: number): string {
  const parsed = parseDisplayText(text, maxLength);
  if (parsed !== null) return parsed;
  throw new Error(`${what} must have 1 to ${maxLength} characters, without control characters.`);
}

function nameOf({ asset, rail }: Pick<RailChange, 'asset' | 'rail'>): string {
  return `${rail === 'DEPOSITS' ? 'Deposits' : 'Withdrawals'} of ${asset}`;
}

function lineOf(change: RailChange): string {
  const { reason, operator, atMs } = change;
  const done = reason === null ? `resumed by ${operator}` : `suspended by ${operator}: ${reason}`;
  return `${toTimestamp(atMs)} ${nameOf(change)} ${done}`;
}
