import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose';

/** What a valid ID token says about its user. */
export interface OutsideIdentity {
  readonly issuer: string;
  /** The issuer's own id for the user, which never changes. */
  readonly subject: string;
  /** In lower case, and only if the issuer has verified it; otherwise null. */
  readonly email: string | null;
  /** The part of the token that is signed: one signature can be written in several ways. */
  readonly signedPart: string;
  /** Until when the token could be used, milliseconds since the epoch. */
  readonly usableUntilMs: number;
}

/** The port for an OpenID Connect issuer, who says who users are. */
export interface OutsideIssuer {
  /**
   * Null for a token that is not the issuer's for us, no longer valid, or older than ten minutes.
   */
  verify(idToken: string, atMs: number): Promise<OutsideIdentity | null>;
}

/** Where its tokens come from, and their audience. */
export interface OutsideIssuerSettings {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUrl: string;
  /**
   * How long an unknown key id is not looked up again, so that invented ones cost no fetch; 5 s if
   * omitted.
   */
  readonly cooldownMs?: number;
}

/** Never an algorithm with a shared secret: our copy of a public key would be that secret. */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];
const CLOCK_TOLERANCE_S = 5;
/** A token is for signing in right after it was made; a leaked one is old. */
const MAX_AGE_S = 10 * 60;
const FETCH_LIMIT_MS = 2000;
const COOLDOWN_MS = 5000;
const KEYS_KEPT_MS = 10 * 60_000;
const MAX_LENGTH = 16_384;

/**
 * An OpenID Connect issuer, whose keys are fetched when a token needs one that is not known yet.
 */
export function openOutsideIssuer(settings: OutsideIssuerSettings): OutsideIssuer {
  const { issuer, audience, jwksUrl, cooldownMs = COOLDOWN_MS } = settings;
  const keys = createRemoteJWKSet(new URL(jwksUrl), {
    timeoutDuration: FETCH_LIMIT_MS,
    cooldownDuration: cooldownMs,
    cacheMaxAge: KEYS_KEPT_MS,
  });
  return {
    verify: async (idToken, atMs) => {
      if (idToken.length > MAX_LENGTH) return null;
      const verified = await jwtVerify(idToken, keys, {
        algorithms: ALGORITHMS,
        issuer,
        audience,
        requiredClaims: ['sub', 'iss', 'aud', 'exp', 'iat'],
        clockTolerance: CLOCK_TOLERANCE_S,
        maxTokenAge: MAX_AGE_S,
        currentDate: new Date(atMs),
      }).catch(() => null);
      const { sub: subject = '', email, email_verified: isVerified } = verified?.payload ?? {};
      if (verified === null || subject === '' || !isMeantFor(audience, verified.payload))
        return null;
      const isKnown = typeof email === 'string' && isVerified === true;
      return {
        issuer,
        subject,
        email: isKnown ? lowerCaseOf(email) : null,
        signedPart: idToken.slice(0, idToken.lastIndexOf('.')),
        usableUntilMs: atMs + (MAX_AGE_S + 2 * CLOCK_TOLERANCE_S) * 1000,
      };
    },
  };
}

/** Latin letters only: others, in lower case, can become letters of somebody else's address. */
function lowerCaseOf(email: string): string {
  return email.trim().replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** A token for several audiences names the one it was made for. */
function isMeantFor(audience: string, { aud, azp }: JWTPayload): boolean {
  const isForSeveral = Array.isArray(aud) && aud.length > 1;
  return azp === undefined ? !isForSeveral : azp === audience;
}
