import { describe, expect, it } from 'vitest';
import { ScryptPasswordHasher } from './scrypt-password-hasher.ts';

describe('password', () => {
  it('is right against its own hash alone, and never against none', async () => {
    const hasher = new ScryptPasswordHasher({ costLog2: 4 });
    const stored = await hasher.hash('open sesame');
    expect(await hasher.verify('open sesame', stored)).toBe('right');
    expect(await hasher.verify('open sesame ', stored)).toBe('wrong');
    expect(await hasher.verify('', null)).toBe('wrong');
    expect(await hasher.hash('open sesame')).not.toBe(stored);
  });

  it('is hashed with the cost that guessing needs', async () => {
    expect(await new ScryptPasswordHasher().hash('x')).toMatch(/^scrypt\$17\$/);
  });

  it('is turned away as busy beyond two at work and eight waiting', async () => {
    const hasher = new ScryptPasswordHasher({ costLog2: 10 });
    const verdicts = await Promise.all(
      Array.from({ length: 15 }, () => hasher.verify('guess', null)),
    );
    expect(verdicts.filter((verdict) => verdict === 'busy')).toHaveLength(5);
    expect(await hasher.verify('guess', null)).toBe('wrong');
    const hashes = await Promise.all(Array.from({ length: 15 }, () => hasher.hash('new')));
    expect(hashes.filter((hash) => hash === null)).toHaveLength(5);
  });
});
