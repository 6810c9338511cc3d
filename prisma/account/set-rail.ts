import { parseDisplayText } from '#shared/domain/display-text.ts';
import { parseAssetCode } from '#shared/domain/ids.ts';
import type { Rail } from '../../subgraphs/account/domain/rail.ts';
import { withStores } from './with-stores.ts';

/** In characters. */
const MAX_REASON_LENGTH = 200;

/** The rail of an asset, and why it is to be suspended; a null reason resumes it. */
interface RailRequest {
  readonly asset: string;
  readonly rail: Rail;
  readonly reason: string | null;
}

/**
 * Suspends the deposits or the withdrawals of an asset, from the next movement on, or resumes them. Repeating it is
 * harmless; another reason replaces the first one.
 * @returns a sentence with the result
 * @throws Error with one clear sentence if there is no such asset, or clients could not read the reason
 */
export function setRail(databaseUrl: string, { asset, rail, ...request }: RailRequest) {
  return withStores(databaseUrl, async ({ accounts, rails }, atMs) => {
    const code = parseAssetCode(asset);
    if (code === null || (await accounts.knownAssets([code])).size === 0)
      throw new Error(`There is no asset ${JSON.stringify(asset)}.`);
    const name = `${rail === 'DEPOSITS' ? 'Deposits' : 'Withdrawals'} of ${code}`;
    if (request.reason === null) {
      const wasSuspended = await rails.resume(code, rail);
      return `${name} are ${wasSuspended ? 'resumed' : 'not suspended'}.`;
    }
    const reason = parseDisplayText(request.reason, MAX_REASON_LENGTH);
    if (reason === null)
      throw new Error(
        `A reason must have 1 to ${MAX_REASON_LENGTH} characters, without control characters.`,
      );
    await rails.suspend({ asset: code, rail, reason, sinceMs: atMs });
    return `${name} are suspended: ${reason}`;
  });
}
