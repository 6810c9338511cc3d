import { parseApiKeyId, trusted } from '#shared/domain/ids.ts';
import { hasChecksum, hashOfSecret, withChecksum } from '../checksummed-text.ts';
import type { ApiKeySecrets } from '../credentials.ts';
import { isSameHash } from '../same-hash.ts';
import { randomText } from '../random-text.ts';

/** `dg_<key id>_<secret><checksum>`: the prefix is for secret scanners. */
const FORM = /^dg_([0-9a-z]{16})_([0-9a-z]{50})[0-9A-Za-z]{6}$/;
const ID_LENGTH = 16;
/** 50 letters of 36 carry 258 bits. */
const SECRET_LENGTH = 50;

/** API keys; only the SHA-256 of the secret is kept. */
export const apiKeySecrets: ApiKeySecrets = {
  make: (id = trusted(parseApiKeyId, randomText(ID_LENGTH))) => {
    const secret = randomText(SECRET_LENGTH);
    return { id, text: withChecksum(`dg_${id}_${secret}`), secretHash: hashOfSecret(secret) };
  },
  parse: (text) => {
    const [, keyId = '', secret = ''] = FORM.exec(text) ?? [];
    const id = parseApiKeyId(keyId);
    if (id === null || !hasChecksum(text)) return null;
    return { id, secretHash: hashOfSecret(secret) };
  },
  matches: isSameHash,
};
