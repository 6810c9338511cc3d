import { describe, expect, it } from 'vitest';
import { apiKeySecrets } from './api-key-secrets.ts';

describe('API key', () => {
  it('is taken apart into its id and the hash of its secret', () => {
    const { id, text, secretHash } = apiKeySecrets.make();
    expect(text).toMatch(/^dg_[0-9a-z]{16}_[0-9a-z]{50}[0-9A-Za-z]{6}$/);
    expect(apiKeySecrets.parse(text)).toEqual({ id, secretHash });
    expect(text).not.toContain(secretHash);
  });

  it('is known as mistyped by its checksum, whatever letter is wrong', () => {
    const { text } = apiKeySecrets.make();
    for (let at = 0; at < text.length; at += 1) {
      const other = text.charAt(at) === 'a' ? 'b' : 'a';
      expect(apiKeySecrets.parse(`${text.slice(0, at)}${other}${text.slice(at + 1)}`)).toBeNull();
    }
  });

  it.each(['', 'dg_', 'dg_a_b', 'x'.repeat(100_000)])('is not %.10j', (text) => {
    expect(apiKeySecrets.parse(text)).toBeNull();
  });

  it('matches its own hash, no other, and no absent one', () => {
    const [one, other] = [apiKeySecrets.make(), apiKeySecrets.make()];
    expect(apiKeySecrets.matches(one.secretHash, one.secretHash)).toBe(true);
    expect(apiKeySecrets.matches(one.secretHash, other.secretHash)).toBe(false);
    expect(apiKeySecrets.matches(one.secretHash, null)).toBe(false);
  });
});
