import { importJWK, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { parseSessionId, parseUserId } from '#shared/domain/ids.ts';
import type { AccessTokens } from '../credentials.ts';

const ALGORITHM = 'EdDSA';
const NAME = 'deskgraph';
const LIFE_S = 15 * 60;
const CLOCK_TOLERANCE_S = 5;

const privateJwk = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string().min(1),
  d: z.string().min(1),
});

/**
 * Access tokens of 15 minutes as JWTs signed with Ed25519.
 * @param key a private JWK as JSON text: `{"kty":"OKP","crv":"Ed25519","x":…,"d":…}`
 * @throws Error if the key is not such a JWK; the message does not contain it
 */
export async function openJwtAccessTokens(key: string): Promise<AccessTokens> {
  const { privateKey, publicKey } = await importKeys(key);
  return {
    issue: async ({ userId, sessionId }, atMs) => {
      const issuedAt = Math.floor(atMs / 1000);
      const token = await new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg: ALGORITHM })
        .setSubject(userId)
        .setIssuer(NAME)
        .setAudience(NAME)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + LIFE_S)
        .sign(privateKey);
      return { token, expiresAtMs: (issuedAt + LIFE_S) * 1000 };
    },
    verify: async (token, atMs) => {
      const verified = await jwtVerify(token, publicKey, {
        algorithms: [ALGORITHM],
        issuer: NAME,
        audience: NAME,
        requiredClaims: ['sub', 'sid', 'iss', 'aud', 'exp', 'iat'],
        clockTolerance: CLOCK_TOLERANCE_S,
        currentDate: new Date(atMs),
      }).catch(() => null);
      if (verified === null) return null;
      const { sub, sid, exp } = verified.payload;
      const userId = parseUserId(sub ?? '');
      const sessionId = typeof sid === 'string' ? parseSessionId(sid) : null;
      if (userId === null || sessionId === null || exp === undefined) return null;
      return { userId, sessionId, expiresAtMs: exp * 1000 };
    },
  };
}

async function importKeys(key: string) {
  try {
    const jwk = privateJwk.parse(JSON.parse(key));
    return {
      privateKey: await importJWK(jwk, ALGORITHM),
      publicKey: await importJWK({ kty: jwk.kty, crv: jwk.crv, x: jwk.x }, ALGORITHM),
    };
  } catch {
    throw new Error(
      'The access token key is not a private Ed25519 JWK, such as "npm run secrets" prints.',
    );
  }
}
