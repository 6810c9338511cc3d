import { createHmac, timingSafeEqual } from 'node:crypto';

const STEP_MS = 30_000;
const DIGITS = 6;
/** Clocks of phones are off by less than this many steps. */
const WINDOW = 1n;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The code of one half minute (RFC 6238 over SHA-1, which authenticator apps use). */
export function totpCode(secret: Buffer, counter: bigint): string {
  const moment = Buffer.alloc(8);
  moment.writeBigUInt64BE(counter);
  const mac = createHmac('sha1', secret).update(moment).digest();
  const offset = mac.readUInt8(mac.length - 1) & 0x0f;
  const number = mac.readUInt32BE(offset) & 0x7fff_ffff;
  return `${number % 10 ** DIGITS}`.padStart(DIGITS, '0');
}

/** The number of the half minute since the epoch. */
export function totpCounter(atMs: number): bigint {
  return BigInt(Math.floor(atMs / STEP_MS));
}

/**
 * The half minute that a code belongs to, the previous, current or next one; null for none of them.
 */
export function matchingCounter(secret: Buffer, code: string, atMs: number): bigint | null {
  const now = totpCounter(atMs);
  const given = Buffer.from(code);
  let found: bigint | null = null;
  for (let counter = now - WINDOW; counter <= now + WINDOW; counter += 1n) {
    const expected = Buffer.from(totpCode(secret, counter));
    if (given.length === expected.length && timingSafeEqual(given, expected)) found = counter;
  }
  return found;
}

/** The secret in the form in which users enter it in authenticator apps. */
export function base32(secret: Buffer): string {
  let bits = '';
  for (const byte of secret) bits += byte.toString(2).padStart(8, '0');
  return (bits.match(/.{1,5}/g) ?? [])
    .map((group) => BASE32.charAt(parseInt(group.padEnd(5, '0'), 2)))
    .join('');
}

/** The URI in the QR code that authenticator apps read. */
export function otpauthUri(secret: Buffer, account: string): string {
  const issuer = 'Deskgraph';
  const label = `${issuer}:${encodeURIComponent(account)}`;
  return `otpauth://totp/${label}?secret=${base32(secret)}&issuer=${issuer}`;
}
