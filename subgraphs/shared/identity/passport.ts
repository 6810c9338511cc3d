import { createHmac, hash, randomUUID, timingSafeEqual } from 'node:crypto';
import type { Clock } from '#shared/domain/clock.ts';
import type { ClientOrigin } from './client-origin.ts';
import type { CountedQuota } from './counted-quota.ts';
import type { ServiceName, Viewer } from './viewer.ts';

/** The header that carries a passport. */
export const PASSPORT_HEADER = 'x-deskgraph-passport';
const LIFE_S = 30;
const CLOCK_TOLERANCE_S = 5;
/** In one generation: at ten thousand calls a second that is 20 s. */
const REMEMBERED_IDS = 200_000;

/** A secret shared by one issuer and one audience. Two can be valid at once, for rotation. */
export interface PassportKey {
  /** Names the issuer and the generation: `gateway.1`. */
  readonly kid: string;
  readonly secret: string;
}

interface Payload {
  readonly kid: string;
  readonly viewer: Viewer;
  readonly origin?: ClientOrigin | undefined;
  readonly aud: ServiceName;
  readonly iat: number;
  readonly exp: number;
  readonly jti: string;
  readonly bodySha256: string;
  readonly waitMs?: number | undefined;
  readonly quota?: CountedQuota | undefined;
}

/** Why a passport was not accepted; for the log, never for the caller. */
type PassportRefusal =
  | 'MISSING'
  | 'MALFORMED'
  | 'UNKNOWN_KEY'
  | 'SIGNATURE_INVALID'
  | 'WRONG_AUDIENCE'
  | 'OUTSIDE_LIFE'
  | 'BODY_CHANGED'
  | 'REPLAYED'
  | 'ISSUER_MAY_NOT';

/** Who the passport speaks for, or why it is not accepted. */
export type PassportVerdict =
  | {
      readonly kind: 'valid';
      readonly viewer: Viewer;
      readonly issuer: ServiceName;
      /** Where the viewer called from; null if one request stands for many, or for a service. */
      readonly origin: ClientOrigin | null;
      /** How long the caller waits for the answer; null on streams, which have no end. */
      readonly waitMs: number | null;
      /** The viewer's quota as the gateway counts it; null if it was not asked for. */
      readonly quota: CountedQuota | null;
    }
  | { readonly kind: 'refused'; readonly reason: PassportRefusal };

/**
 * Signs a passport for exactly one request: one audience, 30 s, the hash of the body. Every attempt
 * needs a new one, because each is accepted once.
 */
export function signPassport(request: {
  readonly viewer: Viewer;
  readonly origin?: ClientOrigin | null | undefined;
  readonly audience: ServiceName;
  readonly key: PassportKey;
  readonly body: string | Buffer;
  /** A duration and not a time, so that clocks need not agree; omitted for streams. */
  readonly waitMs?: number | undefined;
  /** Omitted if it is not asked for. */
  readonly quota?: CountedQuota | undefined;
  readonly clock: Clock;
}): string {
  const iat = Math.floor(request.clock.now() / 1000);
  const payload: Payload = {
    kid: request.key.kid,
    viewer: request.viewer,
    origin: request.origin ?? undefined,
    aud: request.audience,
    iat,
    exp: iat + LIFE_S,
    jti: randomUUID(),
    bodySha256: sha256(request.body),
    waitMs: request.waitMs,
    quota: request.quota,
  };
  const encoded = Buffer.from(JSON.stringify(payload)).toString('base64url');
  return `${encoded}.${hmac(encoded, request.key.secret)}`;
}

/** The issuer a key id names: `gateway` of `gateway.1`. */
export function issuerOf(kid: string): ServiceName | null {
  const name = kid.split('.', 1)[0];
  return name === 'gateway' || name === 'account' || name === 'market-data' || name === 'order'
    ? name
    : null;
}

/**
 * Accepts a passport once, for the request it was signed for. One per subgraph process. What was
 * issued before the process started is refused, because the previous process may have accepted it,
 * except for the last seconds, by which clocks may differ.
 */
export class PassportVerifier {
  readonly #audience: ServiceName;
  readonly #secrets: ReadonlyMap<string, string>;
  readonly #clock: Clock;
  readonly #rememberedIds: number;
  /** Two generations of seen ids: each lives as long as a passport can, or until it is full. */
  #seen = new Generation();
  #seenBefore = new Generation();
  #turnedAt = 0;
  /**
   * Passports issued until then may have been used: ids of that time had to be forgotten, or were
   * seen by the process before this one. Seconds since the epoch.
   */
  #forgottenUntil: number;

  constructor(options: {
    readonly audience: ServiceName;
    readonly keys: readonly PassportKey[];
    readonly clock: Clock;
    /** How many ids a generation can hold; 200,000 if omitted. */
    readonly rememberedIds?: number;
  }) {
    this.#audience = options.audience;
    this.#rememberedIds = options.rememberedIds ?? REMEMBERED_IDS;
    this.#secrets = new Map(options.keys.map(({ kid, secret }) => [kid, secret]));
    this.#clock = options.clock;
    // The clock of an issuer may be slow by this much.
    this.#forgottenUntil = options.clock.now() / 1000 - CLOCK_TOLERANCE_S;
  }

  /** Checks signature, audience, life, body and single use, in this order. Never throws. */
  verify(passport: string | undefined, body: string | Buffer): PassportVerdict {
    if (passport === undefined || passport === '') return refused('MISSING');
    const [encoded, signature, ...more] = passport.split('.');
    if (encoded === undefined || signature === undefined || more.length > 0)
      return refused('MALFORMED');
    const payload = decode(encoded);
    if (payload === null) return refused('MALFORMED');
    const secret = this.#secrets.get(payload.kid);
    const issuer = issuerOf(payload.kid);
    if (secret === undefined || issuer === null) return refused('UNKNOWN_KEY');
    if (!equal(signature, hmac(encoded, secret))) return refused('SIGNATURE_INVALID');
    return this.#verifyClaims(payload, issuer, body);
  }

  #verifyClaims(payload: Payload, issuer: ServiceName, body: string | Buffer): PassportVerdict {
    const now = this.#clock.now() / 1000;
    if (payload.aud !== this.#audience) return refused('WRONG_AUDIENCE');
    if (payload.iat > now + CLOCK_TOLERANCE_S || payload.exp + CLOCK_TOLERANCE_S < now)
      return refused('OUTSIDE_LIFE');
    if (!equal(payload.bodySha256, sha256(body))) return refused('BODY_CHANGED');
    // Only the gateway speaks for others; every other service speaks for itself alone.
    const speaksForItself = payload.viewer.kind === 'service' && payload.viewer.name === issuer;
    if (issuer !== 'gateway' && !speaksForItself) return refused('ISSUER_MAY_NOT');
    if (payload.viewer.kind === 'service' && !speaksForItself) return refused('ISSUER_MAY_NOT');
    if (!this.#isFirstUse(payload, now)) return refused('REPLAYED');
    const { viewer, origin = null, waitMs = null, quota = null } = payload;
    return { kind: 'valid', viewer, issuer, origin, waitMs, quota };
  }

  #isFirstUse({ jti, iat }: Payload, nowS: number): boolean {
    const isFull = this.#seen.ids.size >= this.#rememberedIds;
    if (isFull) this.#forgottenUntil = Math.max(this.#forgottenUntil, this.#seenBefore.newestIat);
    if (isFull || nowS - this.#turnedAt > LIFE_S + 2 * CLOCK_TOLERANCE_S) {
      this.#seenBefore = this.#seen;
      this.#seen = new Generation();
      this.#turnedAt = nowS;
    }
    // A time after now says only that the clock was set back.
    if (iat <= this.#forgottenUntil && this.#forgottenUntil <= nowS) return false;
    if (this.#seen.ids.has(jti) || this.#seenBefore.ids.has(jti)) return false;
    this.#seen.add(jti, iat);
    return true;
  }
}

/** Ids of passports that were seen in one time. */
class Generation {
  readonly ids = new Set<string>();
  /** When the newest of them was issued, in seconds since the epoch. */
  newestIat = 0;

  add(id: string, iat: number): void {
    this.ids.add(id);
    this.newestIat = Math.max(this.newestIat, iat);
  }
}

function refused(reason: PassportRefusal): PassportVerdict {
  return { kind: 'refused', reason };
}

function decode(encoded: string): Payload | null {
  try {
    const payload = JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8')) as Payload;
    return typeof payload.kid === 'string' && typeof payload.jti === 'string' ? payload : null;
  } catch {
    return null;
  }
}

function sha256(body: string | Buffer): string {
  return hash('sha256', body, 'base64url');
}

function hmac(text: string, secret: string): string {
  return createHmac('sha256', secret).update(text).digest('base64url');
}

function equal(left: string, right: string): boolean {
  const a = Buffer.from(left);
  const b = Buffer.from(right);
  return a.length === b.length && timingSafeEqual(a, b);
}
