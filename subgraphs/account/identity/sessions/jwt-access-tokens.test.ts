import {
  createHmac,
  createPrivateKey,
  generateKeyPairSync,
  type JsonWebKey,
  sign,
} from 'node:crypto';
import { importJWK, type JWK, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { parseSessionId, parseUserId, trusted } from '#shared/domain/ids.ts';
import { openJwtAccessTokens } from './jwt-access-tokens.ts';

const KEY = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }) as JWK;
const NOW = Date.UTC(2026, 0, 1);
const CLAIMS = { userId: trusted(parseUserId, 'u1'), sessionId: trusted(parseSessionId, 's1') };
const open = () => openJwtAccessTokens(JSON.stringify(KEY));

/** A token that our own key signed, with these claims instead of the usual ones. */
async function signed(claims: Record<string, unknown>, key = KEY): Promise<string> {
  const iat = NOW / 1000;
  const usual = { sub: 'u1', sid: 's1', iss: 'deskgraph', aud: 'deskgraph', iat, exp: iat + 60 };
  return new SignJWT({ ...usual, ...claims })
    .setProtectedHeader({ alg: 'EdDSA' })
    .sign(await importJWK(key, 'EdDSA'));
}

describe('access token', () => {
  it('says who signed in, for fifteen minutes', async () => {
    const tokens = await open();
    const { token, expiresAtMs } = await tokens.issue(CLAIMS, NOW);
    expect(expiresAtMs).toBe(NOW + 15 * 60_000);
    expect(await tokens.verify(token, NOW + 14 * 60_000)).toEqual({ ...CLAIMS, expiresAtMs });
    expect(await tokens.verify(token, NOW + 16 * 60_000)).toBeNull();
  });

  it.each(['sub', 'sid', 'iss', 'aud', 'exp', 'iat'])(
    'is nothing without its %s',
    async (claim) => {
      const tokens = await open();
      expect(await tokens.verify(await signed({}), NOW)).not.toBeNull();
      expect(await tokens.verify(await signed({ [claim]: undefined }), NOW)).toBeNull();
    },
  );

  it.each([
    ['of another issuer', { iss: 'other' }],
    ['for another audience', { aud: 'other' }],
    ['with a malformed session', { sid: 7 }],
    ['that is over', { exp: NOW / 1000 - 60 }],
  ])('is nothing %s', async (_name, claims) => {
    expect(await (await open()).verify(await signed(claims), NOW)).toBeNull();
  });

  it('is nothing under another key, without a signature, or as some other text', async () => {
    const tokens = await open();
    const other = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }) as JWK;
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    const [, payload] = (await signed({})).split('.');
    for (const token of [await signed({}, other), `${none}.${payload}.`, '', 'a.b.c'])
      expect(await tokens.verify(token, NOW)).toBeNull();
  });

  it('is nothing signed with our public key as a secret, or with an extension we must know', async () => {
    const tokens = await open();
    const [, payload] = (await signed({})).split('.');
    const { d: _private, ...publicKey } = KEY;
    const secrets = [publicKey.x ?? '', JSON.stringify(publicKey)];
    for (const secret of [...secrets, Buffer.from(publicKey.x ?? '', 'base64url')]) {
      const text = `${Buffer.from('{"alg":"HS256"}').toString('base64url')}.${payload}`;
      const mac = createHmac('sha256', secret).update(text).digest('base64url');
      expect(await tokens.verify(`${text}.${mac}`, NOW)).toBeNull();
    }
    const header = Buffer.from('{"alg":"EdDSA","crit":["b"],"b":1}').toString('base64url');
    const key = createPrivateKey({ key: KEY as JsonWebKey, format: 'jwk' });
    const signature = sign(null, Buffer.from(`${header}.${payload}`), key).toString('base64url');
    expect(await tokens.verify(`${header}.${payload}.${signature}`, NOW)).toBeNull();
    const plain = Buffer.from('{"alg":"EdDSA"}').toString('base64url');
    const good = sign(null, Buffer.from(`${plain}.${payload}`), key).toString('base64url');
    expect(await tokens.verify(`${plain}.${payload}.${good}`, NOW)).not.toBeNull();
  });

  it.each([
    '',
    '{}',
    '{"kty":"RSA"}',
    'not JSON',
    '{"kty":"OKP","crv":"Ed25519","x":"too short","d":"too short"}',
  ])('cannot be made with the key %j', async (key) => {
    await expect(openJwtAccessTokens(key)).rejects.toThrow('not a private Ed25519 JWK');
  });
});
