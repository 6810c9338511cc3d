import { describe, expect, it } from 'vitest';
import { newIds } from '../new-ids.ts';
import { openRefreshTokenSecrets } from './refresh-token-secrets.ts';
import { parseRetryKey } from './retry-key.ts';

const refreshTokenSecrets = openRefreshTokenSecrets('of the process');

describe('refresh token', () => {
  it('is known again, and the next one is of its family', () => {
    const sessionId = newIds.sessionId();
    const { text, familyHash, tokenHash } = refreshTokenSecrets.make(sessionId);
    const shown = refreshTokenSecrets.parse(text);
    expect(shown).toMatchObject({ sessionId, familyHash, tokenHash });
    const next = shown?.next();
    expect(next?.familyHash).toBe(familyHash);
    expect(next?.tokenHash).not.toBe(tokenHash);
    expect(refreshTokenSecrets.parse(next?.text ?? '')).toMatchObject({ sessionId, familyHash });
  });

  it('has one next token for each retry key, which only the desk can make', () => {
    const { text } = refreshTokenSecrets.make(newIds.sessionId());
    const other = refreshTokenSecrets.make(newIds.sessionId());
    const [key, otherKey] = ['0123456789abcdef', '0123456789abcdeg'].map(parseRetryKey);
    const next = (shown: string, retryKey = key) =>
      refreshTokenSecrets.parse(shown)?.next(retryKey).text ?? '';
    expect(next(text)).toBe(next(text));
    expect(refreshTokenSecrets.parse(next(text))).not.toBeNull();
    expect(
      new Set([next(text), next(text, otherKey), next(other.text), next(text, null)]).size,
    ).toBe(4);
    const byOthers = openRefreshTokenSecrets('of somebody who saw both').parse(text)?.next(key);
    expect(byOthers?.text).not.toBe(next(text));
  });

  it('is known as mistyped, whatever letter is wrong', () => {
    const { text } = refreshTokenSecrets.make(newIds.sessionId());
    for (let at = 0; at < text.length; at += 1) {
      const other = text.charAt(at) === 'a' ? 'b' : 'a';
      const wrong = `${text.slice(0, at)}${other}${text.slice(at + 1)}`;
      expect(refreshTokenSecrets.parse(wrong)).toBeNull();
    }
  });

  it.each(['', 'dgr_', 'dgr___', 'x'.repeat(100_000)])('is not %.10j', (text) => {
    expect(refreshTokenSecrets.parse(text)).toBeNull();
  });
});
