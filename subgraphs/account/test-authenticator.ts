import { totpCode, totpCounter } from './identity/second-factor/totp.ts';

/** The code that an authenticator app with this secret shows, some half minutes from now. */
export function codeOf(secret: string, steps = 0n): string {
  return totpCode(bytesOf(secret), totpCounter(Date.now()) + steps);
}

/** The bytes of a secret as an authenticator app takes it. */
export function bytesOf(base32: string): Buffer {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...base32]
    .map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
}
