import { describe, expect, it } from 'vitest';
import { type AccountId, parseUserId, trusted } from '#shared/domain/ids.ts';
import { type PassportKey, PassportVerifier, signPassport } from './passport.ts';
import type { ServiceName, Viewer } from './viewer.ts';

const BODY = '{"query":"{ viewer { id } }"}';
const GATEWAY: PassportKey = { kid: 'gateway.1', secret: 'g'.repeat(32) };
const ORDER: PassportKey = { kid: 'order.1', secret: 'o'.repeat(32) };
const TRADER: Viewer = {
  kind: 'trader',
  userId: trusted(parseUserId, 'usr-1'),
  credential: { kind: 'apiKey', keyId: 'key-1' as never },
  scopes: ['trade:read'],
  accounts: [{ accountId: 'acc-1' as AccountId, role: 'OWNER' }],
  expiresAt: null,
};

/** A clock that stands still until it is moved. */
function testClock(seconds = 1_700_000_000) {
  const clock = { seconds, now: () => clock.seconds * 1000 };
  return clock;
}

function desk(audience: ServiceName = 'account', rememberedIds?: number) {
  const clock = testClock();
  const keys = [GATEWAY, ORDER];
  const remembered = rememberedIds === undefined ? {} : { rememberedIds };
  const verifier = new PassportVerifier({ audience, keys, clock, ...remembered });
  const sign = (changes: Partial<Parameters<typeof signPassport>[0]> = {}) =>
    signPassport({
      viewer: TRADER,
      audience: 'account',
      key: GATEWAY,
      body: BODY,
      clock,
      ...changes,
    });
  return { clock, verifier, sign };
}

/** The same passport with a changed payload and the old signature. */
function tamper(passport: string, change: (payload: Record<string, unknown>) => void): string {
  const [encoded = '', signature = ''] = passport.split('.');
  const payload = JSON.parse(Buffer.from(encoded, 'base64url').toString()) as Record<
    string,
    unknown
  >;
  change(payload);
  return `${Buffer.from(JSON.stringify(payload)).toString('base64url')}.${signature}`;
}

describe('a passport', () => {
  it('brings the viewer to the last scope and account', () => {
    const { verifier, sign } = desk();
    expect(verifier.verify(sign(), BODY)).toEqual({
      kind: 'valid',
      viewer: TRADER,
      issuer: 'gateway',
      origin: null,
      ...{ waitMs: null, quota: null },
    });
  });

  it('tells how long its bearer waits, which nobody else can change', () => {
    const { verifier, sign } = desk();
    const passport = sign({ waitMs: 1500 });
    const patient = tamper(passport, (payload) => (payload['waitMs'] = 60_000));
    expect(verifier.verify(patient, BODY)).toMatchObject({ reason: 'SIGNATURE_INVALID' });
    expect(verifier.verify(passport, BODY)).toMatchObject({ kind: 'valid', waitMs: 1500 });
  });

  it('brings from where the viewer called', () => {
    const { verifier, sign } = desk();
    const origin = { address: '198.51.100.7', userAgent: null };
    expect(verifier.verify(sign({ origin }), BODY)).toMatchObject({ origin });
  });

  it('is believed once', () => {
    const { verifier, sign } = desk();
    const passport = sign();
    verifier.verify(passport, BODY);
    expect(verifier.verify(passport, BODY)).toEqual({ kind: 'refused', reason: 'REPLAYED' });
  });

  it('is believed once for as long as it lives, whatever comes between', () => {
    const { clock, verifier, sign } = desk();
    const passport = sign();
    verifier.verify(passport, BODY);
    for (let second = 0; second < 30; second += 5) {
      clock.seconds += 5;
      verifier.verify(sign(), BODY);
    }
    expect(verifier.verify(passport, BODY)).toEqual({ kind: 'refused', reason: 'REPLAYED' });
  });

  it('is not believed by a process that was started after it was issued, as the one before may have been', () => {
    const { clock, sign } = desk();
    const passport = sign();
    clock.seconds += 5;
    const restarted = new PassportVerifier({ audience: 'account', keys: [GATEWAY], clock });
    expect(restarted.verify(passport, BODY)).toEqual({ kind: 'refused', reason: 'REPLAYED' });
    // An issuer whose clock is slow is not refused for that.
    clock.seconds -= 4;
    const slow = sign();
    clock.seconds += 4;
    expect(restarted.verify(slow, BODY).kind).toBe('valid');
    clock.seconds += 25;
    expect(restarted.verify(slow, BODY)).toEqual({ kind: 'refused', reason: 'REPLAYED' });
    expect(restarted.verify(sign(), BODY).kind).toBe('valid');
  });

  it.each([
    ['absent', () => undefined, 'MISSING'],
    ['empty', () => '', 'MISSING'],
    ['of one part', () => 'abc', 'MALFORMED'],
    ['of three parts', (good: string) => `${good}.x`, 'MALFORMED'],
    ['no JSON', () => `${Buffer.from('nonsense').toString('base64url')}.x`, 'MALFORMED'],
    ['null', () => `${Buffer.from('null').toString('base64url')}.x`, 'MALFORMED'],
    [
      'of an unknown key',
      (good: string) => tamper(good, (p) => (p['kid'] = 'gateway.9')),
      'UNKNOWN_KEY',
    ],
    ['signed by nobody', (good: string) => good.replace(/\..*$/, '.'), 'SIGNATURE_INVALID'],
    [
      'changed to another viewer',
      (good: string) => tamper(good, (p) => (p['viewer'] = { kind: 'service', name: 'gateway' })),
      'SIGNATURE_INVALID',
    ],
    [
      "under another issuer's key",
      (good: string) => tamper(good, (p) => (p['kid'] = ORDER.kid)),
      'SIGNATURE_INVALID',
    ],
  ])('that is %s is refused', (_case, change, reason) => {
    const { verifier, sign } = desk();
    expect(verifier.verify(change(sign()), BODY)).toEqual({ kind: 'refused', reason });
  });

  it('for one subgraph is refused by another', () => {
    const { sign, clock } = desk();
    const other = new PassportVerifier({ audience: 'order', keys: [GATEWAY], clock });
    expect(other.verify(sign(), BODY)).toEqual({ kind: 'refused', reason: 'WRONG_AUDIENCE' });
  });

  it('is refused for other bytes than it was signed for', () => {
    const { verifier, sign } = desk();
    expect(verifier.verify(sign(), `${BODY} `)).toEqual({
      kind: 'refused',
      reason: 'BODY_CHANGED',
    });
  });

  it.each([
    ['within its 30 s and the tolerance of 5 s', 35, 'valid'],
    ['a second later', 36, 'refused'],
    ['from a clock 5 s ahead', -5, 'valid'],
    ['from a clock further ahead', -6, 'refused'],
  ])('%s is %s', (_case, seconds, kind) => {
    const { clock, verifier, sign } = desk();
    const passport = sign();
    clock.seconds += seconds;
    expect(verifier.verify(passport, BODY).kind).toBe(kind);
  });

  it.each<[string, PassportKey, Viewer, string]>([
    ['order speaks for itself', ORDER, { kind: 'service', name: 'order' }, 'valid'],
    ['order speaks for a trader', ORDER, TRADER, 'refused'],
    ['order speaks for the gateway', ORDER, { kind: 'service', name: 'gateway' }, 'refused'],
    ['the gateway speaks for nobody known', GATEWAY, { kind: 'anonymous', scopes: [] }, 'valid'],
    ['the gateway speaks for itself', GATEWAY, { kind: 'service', name: 'gateway' }, 'valid'],
    ['the gateway speaks for order', GATEWAY, { kind: 'service', name: 'order' }, 'refused'],
  ])('where %s is %s', (_case, key, viewer, kind) => {
    const { verifier, sign } = desk();
    expect(verifier.verify(sign({ key, viewer }), BODY).kind).toBe(kind);
  });

  it('is accepted once however many follow it, and new ones are accepted all the time', () => {
    const { clock, verifier, sign } = desk('account', 10);
    const used: string[] = [];
    for (let second = 0; second < 60; second += 1) {
      for (let count = 0; count < 7; count += 1) {
        const passport = sign();
        expect(verifier.verify(passport, BODY).kind).toBe('valid');
        used.push(passport);
        for (const old of used.slice(-300)) expect(verifier.verify(old, BODY).kind).toBe('refused');
      }
      clock.seconds += 1;
    }
  });

  it('is accepted after the clock was set back, when many others have been forgotten', () => {
    const { clock, verifier, sign } = desk('account', 10);
    for (let count = 0; count < 50; count += 1) {
      expect(verifier.verify(sign(), BODY).kind).toBe('valid');
      clock.seconds += 1;
    }
    clock.seconds -= 3600;
    for (let count = 0; count < 50; count += 1)
      expect(verifier.verify(sign(), BODY).kind).toBe('valid');
  });

  it('of either generation is believed while a key is rotated', () => {
    const { clock, sign } = desk();
    const next = { kid: 'gateway.2', secret: 'n'.repeat(32) };
    const verifier = new PassportVerifier({ audience: 'account', keys: [GATEWAY, next], clock });
    expect(verifier.verify(sign(), BODY).kind).toBe('valid');
    expect(verifier.verify(sign({ key: next }), BODY).kind).toBe('valid');
  });
});
