import { describe, expect, it } from 'vitest';
import { newIds } from './new-ids.ts';
import { refreshTokenSecrets } from './refresh-token-secrets.ts';

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
