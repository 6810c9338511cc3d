import type { SecondFactorStore } from './second-factor-store.ts';
import type { SecretSeal } from './secret-seal.ts';

/** Enough to notice another key, also some time after it came into use. */
const LOOKED_AT = 1000;

/**
 * How many of the newest second factors were sealed under another key: their users can sign in by a recovery code alone.
 */
export async function countUnreadableSecrets(
  store: Pick<SecondFactorStore, 'newestSecrets'>,
  seal: Pick<SecretSeal, 'open'>,
): Promise<number> {
  const sealed = await store.newestSecrets(LOOKED_AT);
  return sealed.filter(({ sealedSecret, userId }) => seal.open(sealedSecret, userId) === null)
    .length;
}
