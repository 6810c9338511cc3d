import type { Clock } from '#shared/domain/clock.ts';
import type { SessionId, UserId } from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import type { ClientOrigin } from '#shared/identity/client-origin.ts';
import { type AuditAction, type AuditRecord, type Caller, recordBy } from './audit-record.ts';
import type { CreationPageKey } from './creation-page-key.ts';
import type { AccessTokens, NewIds, RefreshTokenSecrets } from './credentials.ts';
import type { KnownNetworks } from './known-networks.ts';
import type { Session, SessionStore } from './session-store.ts';

/** What a person signed in holds: a short token for requests, and one to get the next pair with. */
export interface SignedIn {
  readonly session: Session;
  readonly accessToken: string;
  /** When the access token ends. */
  readonly expiresAtMs: number;
  readonly refreshToken: string;
}

/** A new pair of tokens, or why there is none. */
export type RefreshOutcome =
  | { readonly kind: 'refreshed'; readonly signedIn: SignedIn }
  | {
      readonly kind: 'refused';
      readonly reason: 'REFRESH_TOKEN_INVALID' | 'REFRESH_TOKEN_REUSED' | 'SESSION_ENDED';
    };

const DAY_MS = 24 * 60 * 60_000;
/** A sign-in that is not refreshed for this long ends. */
const IDLE_MS = 7 * DAY_MS;
/** However often it is refreshed, a sign-in ends this long after its begin. */
const LIFE_MS = 30 * DAY_MS;

/**
 * Sign-ins from begin to end. A refresh token is good once: when one comes a second time, somebody
 * has a copy, and nobody can tell who is the thief, so that the whole sign-in ends.
 */
export class Sessions {
  readonly #store: SessionStore;
  readonly #accessTokens: AccessTokens;
  readonly #refreshTokens: RefreshTokenSecrets;
  readonly #ids: NewIds;
  readonly #knownNetworks: Pick<KnownNetworks, 'note'>;
  readonly #clock: Clock;

  constructor(options: {
    readonly store: SessionStore;
    readonly accessTokens: AccessTokens;
    readonly refreshTokens: RefreshTokenSecrets;
    readonly ids: NewIds;
    /** Told of everybody who showed who they are. */
    readonly knownNetworks: Pick<KnownNetworks, 'note'>;
    readonly clock: Clock;
  }) {
    this.#store = options.store;
    this.#accessTokens = options.accessTokens;
    this.#refreshTokens = options.refreshTokens;
    this.#ids = options.ids;
    this.#knownNetworks = options.knownNetworks;
    this.#clock = options.clock;
  }

  /** Begins one for a person who has shown who they are. */
  async begin(userId: UserId, origin: ClientOrigin | null): Promise<SignedIn> {
    const signedIn = await this.#begin(userId, origin);
    invariant(signedIn !== null, 'a sign-in was refused that depends on no password');
    return signedIn;
  }

  /**
   * Begins one for a person who has shown a password, unless it was changed in the meantime: nobody who knows the old
   * one stays in. @param passwordHash what the password was checked against
   */
  beginByPassword(
    userId: UserId,
    passwordHash: string,
    origin: ClientOrigin | null,
  ): Promise<SignedIn | null> {
    return this.#begin(userId, origin, passwordHash);
  }

  async #begin(
    userId: UserId,
    origin: ClientOrigin | null,
    passwordHash?: string,
  ): Promise<SignedIn | null> {
    const now = this.#clock.now();
    const id = this.#ids.sessionId();
    const { text, familyHash, tokenHash } = this.#refreshTokens.make(id);
    const session: Session = {
      id,
      userId,
      origin,
      createdAtMs: now,
      refreshedAtMs: now,
      endedAtMs: null,
      expiresAtMs: now + IDLE_MS,
    };
    const record = recordOf(session, 'SIGNED_IN', origin, now);
    const added = { ...session, familyHash, tokenHash };
    if (!(await this.#store.add(added, record, passwordHash))) return null;
    this.#knownNetworks.note(userId, origin);
    return this.tokensOf(session, text);
  }

  /** Takes a refresh token and gives the next pair. @param origin from where it is shown */
  async refresh(refreshToken: string, origin: ClientOrigin | null): Promise<RefreshOutcome> {
    const now = this.#clock.now();
    const shown = this.#refreshTokens.parse(refreshToken);
    if (shown === null) return { kind: 'refused', reason: 'REFRESH_TOKEN_INVALID' };
    const session = await this.#store.session(shown.sessionId);
    const isOfFamily = this.#refreshTokens.matches(shown.familyHash, session?.familyHash ?? null);
    if (session === null || !isOfFamily)
      return { kind: 'refused', reason: 'REFRESH_TOKEN_INVALID' };
    if (!isLive(session, now)) return { kind: 'refused', reason: 'SESSION_ENDED' };
    const next = shown.next();
    const refreshed = await this.#store.rotate(session.id, {
      from: shown.tokenHash,
      to: next.tokenHash,
      refreshedAtMs: now,
      expiresAtMs: Math.min(now + IDLE_MS, session.createdAtMs + LIFE_MS),
    });
    if (refreshed !== null) {
      this.#knownNetworks.note(session.userId, origin);
      return { kind: 'refreshed', signedIn: await this.tokensOf(refreshed, next.text) };
    }
    const later = await this.#store.session(session.id);
    // The password was changed in the session, which has gone on with other tokens.
    if (!this.#refreshTokens.matches(shown.familyHash, later?.familyHash ?? null))
      return { kind: 'refused', reason: 'REFRESH_TOKEN_INVALID' };
    if (later?.endedAtMs !== null && later?.tokenHash === shown.tokenHash)
      return { kind: 'refused', reason: 'SESSION_ENDED' }; // meanwhile, and the token was not used
    // Another token of the family is good now, so this one was: somebody has a copy.
    await this.#store.end(session.id, recordOf(session, 'REFRESH_TOKEN_REUSED', origin, now));
    return { kind: 'refused', reason: 'REFRESH_TOKEN_REUSED' };
  }

  /** The sign-in of this id while it is good. */
  async live(id: SessionId): Promise<Session | null> {
    const session = await this.#store.session(id);
    return session !== null && isLive(session, this.#clock.now()) ? session : null;
  }

  /** A person's sign-ins that are good, the one begun last first. */
  liveOf(userId: UserId): Promise<readonly Session[]> {
    return this.#store.liveOf(userId, this.#clock.now());
  }

  /** All of a person's sign-ins, good and ended, in pages. */
  pageOf(userId: UserId, key: CreationPageKey): Promise<readonly Session[]> {
    return this.#store.pageOf(userId, key);
  }

  /** Ends one; ending it twice is no error. @returns null when this person has no such sign-in */
  end(caller: Caller, id: SessionId): Promise<Session | null> {
    return this.#store.end(id, recordBy(caller, 'SESSION_ENDED', id, this.#clock.now()));
  }

  /** Ends all of a person. @returns how many were good until now */
  endAll(caller: Caller): Promise<number> {
    return this.#store.endAll(recordBy(caller, 'ALL_SESSIONS_ENDED', null, this.#clock.now()));
  }

  /** The tokens of a session that has this refresh token now, with a new access token. */
  async tokensOf(session: Session, refreshToken: string): Promise<SignedIn> {
    const { userId, id: sessionId } = session;
    const claims = { userId, sessionId };
    const { token, expiresAtMs } = await this.#accessTokens.issue(claims, this.#clock.now());
    return {
      session,
      refreshToken,
      accessToken: token,
      expiresAtMs: Math.min(expiresAtMs, session.expiresAtMs),
    };
  }
}

/** What was done with a sign-in itself, by anyone who holds its secrets. */
function recordOf(
  { id, userId }: Session,
  action: AuditAction,
  origin: ClientOrigin | null,
  atMs: number,
): AuditRecord {
  return { userId, action, subjectId: id, apiKeyId: null, sessionId: id, origin, atMs };
}

function isLive({ endedAtMs, expiresAtMs }: Session, atMs: number): boolean {
  return endedAtMs === null && expiresAtMs > atMs;
}
