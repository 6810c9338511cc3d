import { createHash, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { parseApiKeyId, trusted } from '#shared/domain/ids.ts';
import type { ApiKeySecrets } from './credentials.ts';
import { randomText } from './random-text.ts';

/**
 * `dg_<key id>_<secret><checksum>`: the prefix is for secret scanners, the checksum (CRC32 of all
 * before it, base 62) tells a mistyped key without a look into the store.
 */
const FORM = /^(dg_([0-9a-z]{16})_([0-9a-z]{50}))([0-9A-Za-z]{6})$/;
const ID_LENGTH = 16;
/** 50 letters of 36 carry 258 bits. */
const SECRET_LENGTH = 50;
const CHECKSUM_LENGTH = 6;
const CHECKSUM_ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const ABSENT_HASH = sha256('no such key');

/** API keys as SHA-256 of a random secret: a slow hash would buy nothing for 256 random bits. */
export const apiKeySecrets: ApiKeySecrets = {
  make: () => {
    const id = trusted(parseApiKeyId, randomText(ID_LENGTH));
    const secret = randomText(SECRET_LENGTH);
    const body = `dg_${id}_${secret}`;
    return { id, text: `${body}${checksumOf(body)}`, secretHash: sha256(secret) };
  },
  parse: (text) => {
    const [, body = '', keyId = '', secret = '', checksum] = FORM.exec(text) ?? [];
    const id = parseApiKeyId(keyId);
    if (id === null || checksum !== checksumOf(body)) return null;
    return { id, secretHash: sha256(secret) };
  },
  matches: (secretHash, stored) => {
    const [given, kept] = [Buffer.from(secretHash), Buffer.from(stored ?? ABSENT_HASH)];
    const isEqual = given.length === kept.length && timingSafeEqual(given, kept);
    return isEqual && stored !== null;
  },
};

function sha256(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

function checksumOf(body: string): string {
  let rest = crc32(body);
  let text = '';
  while (text.length < CHECKSUM_LENGTH) {
    text = `${CHECKSUM_ALPHABET.charAt(rest % CHECKSUM_ALPHABET.length)}${text}`;
    rest = Math.floor(rest / CHECKSUM_ALPHABET.length);
  }
  return text;
}
