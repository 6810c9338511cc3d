import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

const LENGTH = 6;
const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/**
 * Appends the checksum of a secret's text (CRC32, base 62, six letters): a typing error is found
 * without the store, and scanners of leaked text find no false positives.
 */
export function withChecksum(body: string): string {
  let rest = crc32(body);
  let checksum = '';
  while (checksum.length < LENGTH) {
    checksum = `${ALPHABET.charAt(rest % ALPHABET.length)}${checksum}`;
    rest = Math.floor(rest / ALPHABET.length);
  }
  return `${body}${checksum}`;
}

/** Whether a text ends with the checksum of the rest. */
export function hasChecksum(text: string): boolean {
  return text.length > LENGTH && withChecksum(text.slice(0, -LENGTH)) === text;
}

/** What is kept of a random secret: a slow hash would gain nothing for that many random bits. */
export function hashOfSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
