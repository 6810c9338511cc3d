import { describe, expect, it } from 'vitest';
import { openSecretSeal } from './secret-seal.ts';

describe('a sealed secret', () => {
  const seal = openSecretSeal('one key');
  const secret = Buffer.from('open sesame');
  const sealed = seal.seal(secret, 'anna');

  it('is opened for its owner, and does not show in the sealed text', () => {
    expect(seal.open(sealed, 'anna')).toEqual(secret);
    expect(Buffer.from(sealed, 'base64url').includes(secret)).toBe(false);
    expect(seal.seal(secret, 'anna')).not.toBe(sealed);
  });

  it('is nothing for another owner, under another key, changed or cut', () => {
    expect(seal.open(sealed, 'bert')).toBeNull();
    expect(openSecretSeal('other key').open(sealed, 'anna')).toBeNull();
    const changed = Buffer.from(sealed, 'base64url');
    changed.writeUInt8(changed.readUInt8(30) ^ 1, 30);
    expect(seal.open(changed.toString('base64url'), 'anna')).toBeNull();
    for (const text of ['', sealed.slice(0, 20), 'nonsense'])
      expect(seal.open(text, 'anna')).toBeNull();
  });
});
