import { describe, expect, it } from 'vitest';
import { parseSessionId, parseUserId, trusted } from '#shared/domain/ids.ts';
import type { Trader } from '#shared/identity/viewer.ts';
import { apiKeyRefused } from '../../resolvers/api-key-refusals.ts';
import { isUsableFrom, refusalOf } from './api-key-rules.ts';
import type { ApiKeySettings } from './api-key-store.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const viewer: Trader = {
  kind: 'trader',
  userId: trusted(parseUserId, 'usr-anna'),
  credential: { kind: 'session', sessionId: trusted(parseSessionId, 'ses-1') },
  scopes: ['trade:read'],
  accounts: [],
  expiresAt: null,
};
const SOUND: ApiKeySettings = {
  ...{ name: 'bot', scopes: ['trade:read'], accountIds: null, ipAllowList: ['203.0.113.7'] },
  ...{ publicKey: null, expiresAtMs: NOW + 1 },
};

describe('a key that cannot be made', () => {
  it.each<[string, Partial<ApiKeySettings>, string]>([
    ['a public key that is none', { publicKey: 'abc' }, 'public key'],
    ['an expiry now', { expiresAtMs: NOW }, 'expiry must be in the future'],
    ['no accounts', { accountIds: [] }, '1 to 100 accounts'],
    ['a malformed address', { ipAllowList: ['localhost'] }, 'IP addresses or CIDR blocks'],
    ['too wide a block', { ipAllowList: ['0.0.0.0/0'] }, 'none wider than /8'],
    ['too many addresses', { ipAllowList: Array(101).fill('203.0.113.7') }, 'at most 100'],
  ])('because of %s is INVALID_INPUT, and the message says why', (_, change, message) => {
    const refusal = refusalOf({ ...SOUND, ...change }, { viewer, key: null }, NOW);
    if (refusal === null) throw new Error('The key can be made.');
    const answer = apiKeyRefused(refusal);
    expect(answer.reason).toBe('INVALID_INPUT');
    expect(answer.message).toContain(message);
  });

  it('has a message for each rule that its input breaks', () => {
    const changes = [{ publicKey: 'abc' }, { expiresAtMs: NOW }, { accountIds: [] }];
    const refusals = changes.map((change) =>
      refusalOf({ ...SOUND, ...change }, { viewer, key: null }, NOW),
    );
    const messages = refusals.map((refusal) => refusal && apiKeyRefused(refusal).message);
    expect(new Set(messages).size).toBe(changes.length);
  });

  it('because of its maker has a reason of its own', () => {
    expect(refusalOf(SOUND, { viewer, key: null }, NOW)).toBeNull();
    const refusal = refusalOf({ ...SOUND, scopes: ['trade:write'] }, { viewer, key: null }, NOW);
    expect(refusal).toBe('SCOPE_EXCEEDED');
  });
});

it('is usable from the addresses of its list, also beside one that no list takes any more', () => {
  const list = ['::ffff:198.51.100.0/120', '203.0.113.0/24'];
  expect(isUsableFrom(list, '203.0.113.7')).toBe(true);
  expect(isUsableFrom(list, '198.51.100.7')).toBe(false);
  expect(isUsableFrom(list.slice(0, 1), null)).toBe(false);
});
