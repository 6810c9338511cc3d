import { describe, expect, it } from 'vitest';
import { base32, matchingCounter, otpauthUri, totpCode, totpCounter } from './totp.ts';

/** The secret of RFC 6238's appendix B. */
const SECRET = Buffer.from('12345678901234567890');

describe('a time-based code', () => {
  // The last six of the RFC's eight digits.
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('of second %i is %s', (second, code) => {
    expect(totpCode(SECRET, totpCounter(second * 1000))).toBe(code);
  });

  it('is good in its half minute and in the two beside it', () => {
    const at = 2_000_000_000_000;
    const now = totpCounter(at);
    for (const [steps, isGood] of [
      [-2n, false],
      [-1n, true],
      [0n, true],
      [1n, true],
      [2n, false],
    ] as const) {
      const counter = now + steps;
      const expected = isGood ? counter : null;
      expect(matchingCounter(SECRET, totpCode(SECRET, counter), at)).toBe(expected);
    }
    for (const code of ['', '12345', '1234567', '１２３４５６'])
      expect(matchingCounter(SECRET, code, at)).toBeNull();
  });

  it('has a secret that apps can take', () => {
    expect(base32(SECRET)).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
    expect(otpauthUri(SECRET, 'a b@desk.example')).toBe(
      `otpauth://totp/Deskgraph:a%20b%40desk.example?secret=${base32(SECRET)}&issuer=Deskgraph`,
    );
  });
});
