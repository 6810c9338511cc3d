import { hkdfSync } from 'node:crypto';

const KEY_BYTES = 32;

/**
 * A key for one purpose, derived from the one that signs access tokens, so that there is no further
 * key to keep.
 */
export function keyFor(purpose: string, accessTokenKey: string): Buffer {
  return Buffer.from(hkdfSync('sha256', accessTokenKey, '', purpose, KEY_BYTES));
}
