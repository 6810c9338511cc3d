import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isSignedBy, parsePublicKey } from './public-key.ts';

const base64url = (hex: string) => Buffer.from(hex, 'hex').toString('base64url');

describe('a public key', () => {
  it('is that of a key pair, whose private key signs', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const { x = '' } = publicKey.export({ format: 'jwk' });
    const signature = sign(null, Buffer.from('text'), privateKey).toString('base64url');
    expect(isSignedBy(x, 'text', signature)).toBe(true);
    expect(isSignedBy(x, 'other text', signature)).toBe(false);
  });

  it.each([
    ['zeros', '00'.repeat(32)],
    ['zeros with a sign', `${'00'.repeat(31)}80`],
    ['the neutral point', `01${'00'.repeat(31)}`],
    ['the neutral point, written beyond the field', `ee${'ff'.repeat(30)}7f`],
    ['a point of order two', `ec${'ff'.repeat(31)}`],
    ['a point of order eight', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa'],
  ])('is not %s: anybody can sign for it', (_, point) => {
    expect(parsePublicKey(base64url(point))).toBeNull();
  });

  it('has no signature that was made without a private key', () => {
    const neutral = `01${'00'.repeat(31)}`;
    const forged = base64url(`${neutral}${'00'.repeat(32)}`);
    expect(isSignedBy(base64url(neutral), 'any text', forged)).toBe(false);
  });
});
