import { type Clock, DAY_MS } from '#shared/domain/clock.ts';
import type { SessionId, UserId } from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { networkOf } from '#shared/identity/address-ranges.ts';
import type { ClientOrigin } from '#shared/identity/client-origin.ts';
import {
  type AuditAction,
  type AuditRecord,
  type Caller,
  recordBy,
} from '../audit/audit-record.ts';
import { hashOfSecret } from '../checksummed-text.ts';
import type { CreationPageKey } from '../creation-page-key.ts';
import type {
  AccessTokens,
  NewIds,
  RefreshTokenSecrets,
  ShownRefreshToken,
} from '../credentials.ts';
import type { KnownNetworks } from '../known-networks.ts';
import { parseRetryKey } from './retry-key.ts';
import type { RightCode } from '../second-factor/right-code.ts';
import type { Session, SessionBeginning, SessionStore } from './session-store.ts';

/** A signed-in user's tokens: a short-lived one for requests, and one for getting the next pair. */
export interface SignedIn {
  readonly session: Session;
  readonly accessToken: string;
  /** When the access token ends. */
  readonly expiresAtMs: number;
  readonly refreshToken: string;
}

/** What a user has shown, and asks for; the password is what was checked. */
interface SignInProof extends SessionBeginning {
  /** Is used up with the session's begin; omitted if none is needed. */
  readonly code?: RightCode | undefined;
}

/** A new pair of tokens, or why there is none. */
export type RefreshOutcome =
  | { readonly kind: 'refreshed'; readonly signedIn: SignedIn }
  | {
      readonly kind: 'refused';
      readonly reason:
        | 'RETRY_KEY_INVALID'
        | 'RETRY_KEY_USED'
        | 'REFRESH_TOKEN_INVALID'
        | 'REFRESH_TOKEN_REUSED'
        | 'SESSION_ENDED';
    };

/** A session that is not refreshed for this long ends. */
const IDLE_MS = 7 * DAY_MS;
/** However often it is refreshed, a session ends this long after its start. */
const LIFE_MS = 30 * DAY_MS;
/**
 * How long a refresh can be repeated with its retry key, by anyone who has seen the request. As long as the access token
 * that it gave is valid: whoever has received that does not ask again earlier.
 */
const REPEATABLE_MS = 15 * 60_000;

/**
 * Sessions from start to end. A refresh token is valid once: a second use means that somebody has a
 * copy, and since nobody can tell who the thief is, the session ends.
 */
export class Sessions {
  readonly #store: SessionStore;
  readonly #accessTokens: AccessTokens;
  readonly #refreshTokens: RefreshTokenSecrets;
  readonly #ids: NewIds;
  readonly #knownNetworks: Pick<KnownNetworks, 'note' | 'hasSeen'>;
  readonly #clock: Clock;
  /** Those that a used token is just ending. */
  readonly #ending = new Map<SessionId, Promise<unknown>>();

  constructor(options: {
    readonly store: SessionStore;
    readonly accessTokens: AccessTokens;
    readonly refreshTokens: RefreshTokenSecrets;
    readonly ids: NewIds;
    /** Records where users proved their identity. */
    readonly knownNetworks: Pick<KnownNetworks, 'note' | 'hasSeen'>;
    readonly clock: Clock;
  }) {
    this.#store = options.store;
    this.#accessTokens = options.accessTokens;
    this.#refreshTokens = options.refreshTokens;
    this.#ids = options.ids;
    this.#knownNetworks = options.knownNetworks;
    this.#clock = options.clock;
  }

  /**
   * Starts a session for a user who has proved their identity.
   * @throws CodeUsedError if the code was used in the meantime
   */
  async begin(
    userId: UserId,
    origin: ClientOrigin | null,
    proof: Omit<SignInProof, 'passwordHash'> = {},
  ): Promise<SignedIn> {
    const signedIn = await this.#begin(userId, origin, proof);
    invariant(signedIn !== null, 'a sign-in was refused that depends on no password');
    return signedIn;
  }

  /**
   * Starts a session for a user who has shown a password, unless it was changed in the meantime:
   * nobody who knows the old one stays signed in.
   * @throws CodeUsedError if the code was used in the meantime
   */
  beginByPassword(
    userId: UserId,
    origin: ClientOrigin | null,
    proof: SignInProof & { readonly passwordHash: string },
  ): Promise<SignedIn | null> {
    return this.#begin(userId, origin, proof);
  }

  async #begin(
    userId: UserId,
    origin: ClientOrigin | null,
    { code, ...beginning }: SignInProof,
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
    const record = { ...recordOf(session, 'SIGNED_IN', origin, now), code };
    const added = { ...session, familyHash, tokenHash };
    if (!(await this.#store.add(added, record, beginning))) return null;
    this.#knownNetworks.note(userId, origin);
    return this.tokensOf(session, text);
  }

  /**
   * Exchanges a refresh token for the next pair.
   * @param origin where it is sent from
   * @param retryText with it the token can be shown again for a while, and gets the same next token, if that was not
   *   used; the key of the previous refresh is refused, because anyone who has seen one request could ask for every
   *   later token with it
   */
  async refresh(
    refreshToken: string,
    origin: ClientOrigin | null,
    retryText: string | null = null,
  ): Promise<RefreshOutcome> {
    const retryKey = retryText === null ? null : parseRetryKey(retryText);
    if (retryText !== null && retryKey === null)
      return { kind: 'refused', reason: 'RETRY_KEY_INVALID' };
    const now = this.#clock.now();
    const shown = this.#refreshTokens.parse(refreshToken);
    if (shown === null) return { kind: 'refused', reason: 'REFRESH_TOKEN_INVALID' };
    const session = await this.#store.session(shown.sessionId);
    const isOfFamily = this.#refreshTokens.matches(shown.familyHash, session?.familyHash ?? null);
    if (session === null || !isOfFamily)
      return { kind: 'refused', reason: 'REFRESH_TOKEN_INVALID' };
    if (!isLive(session, now)) return { kind: 'refused', reason: 'SESSION_ENDED' };
    const retryKeyHash = retryKey === null ? null : hashOfSecret(retryKey);
    const isCurrent = shown.tokenHash === session.tokenHash;
    if (isCurrent && retryKeyHash !== null && retryKeyHash === session.retryKeyHash)
      return { kind: 'refused', reason: 'RETRY_KEY_USED' };
    const next = shown.next(retryKey);
    const refreshed = await this.#store.rotate(session.id, {
      from: shown.tokenHash,
      to: next.tokenHash,
      retryKeyHash,
      refreshedAtMs: now,
      expiresAtMs: Math.min(now + IDLE_MS, session.createdAtMs + LIFE_MS),
    });
    if (refreshed !== null) {
      this.#noteNetwork(session, origin);
      return { kind: 'refreshed', signedIn: await this.tokensOf(refreshed, next.text) };
    }
    return this.#refreshAgain(session, shown, next, origin);
  }

  /** Answers a token that is no longer the valid one of its session. */
  async #refreshAgain(
    session: Session,
    shown: ShownRefreshToken,
    next: ReturnType<ShownRefreshToken['next']>,
    origin: ClientOrigin | null,
  ): Promise<RefreshOutcome> {
    const now = this.#clock.now();
    const later = await this.#store.session(session.id);
    // The password was changed in the session, which has gone on with other tokens.
    if (!this.#refreshTokens.matches(shown.familyHash, later?.familyHash ?? null))
      return { kind: 'refused', reason: 'REFRESH_TOKEN_INVALID' };
    // The same request before: its answer may have been lost.
    if (later !== null && isRepeatable(later, now) && later.tokenHash === next.tokenHash)
      return { kind: 'refreshed', signedIn: await this.tokensOf(later, next.text) };
    if (later?.endedAtMs !== null && later?.tokenHash === shown.tokenHash)
      return { kind: 'refused', reason: 'SESSION_ENDED' }; // meanwhile, and the token was not used
    // Another token of the family is valid now, so this one was used: somebody has a copy.
    await this.#endReused(session, origin);
    return { kind: 'refused', reason: 'REFRESH_TOKEN_REUSED' };
  }

  /** Ends a session whose used token was shown: once, however often that is shown meanwhile. */
  async #endReused(session: Session, origin: ClientOrigin | null): Promise<void> {
    const { id } = session;
    const record = recordOf(session, 'REFRESH_TOKEN_REUSED', origin, this.#clock.now());
    const ending = this.#ending.get(id) ?? this.#store.end(id, record);
    this.#ending.set(id, ending);
    try {
      await ending;
    } finally {
      this.#ending.delete(id);
    }
  }

  /** The session with this id, if it is active. */
  async live(id: SessionId): Promise<Session | null> {
    const session = await this.#store.session(id);
    return session !== null && isLive(session, this.#clock.now()) ? session : null;
  }

  /** A user's active sessions, most recently started first. */
  liveOf(userId: UserId): Promise<readonly Session[]> {
    return this.#store.liveOf(userId, this.#clock.now());
  }

  /** All of a user's sessions, active and ended, in pages. */
  pageOf(userId: UserId, key: CreationPageKey): Promise<readonly Session[]> {
    return this.#store.pageOf(userId, key);
  }

  /**
   * Ends a session; ending it twice is not an error.
   * @returns null if this user has no such session
   */
  end(caller: Caller, id: SessionId): Promise<Session | null> {
    return this.#store.end(id, recordBy(caller, 'SESSION_ENDED', id, this.#clock.now()));
  }

  /** Ends all of a user's sessions. @returns how many were active until now */
  endAll(caller: Caller): Promise<number> {
    return this.#store.endAll(recordBy(caller, 'ALL_SESSIONS_ENDED', null, this.#clock.now()));
  }

  /**
   * A refresh proves only that somebody has the tokens, so it makes no other network known than that where the session
   * was begun: a stolen session would otherwise have tries at the password at each network it is taken to.
   */
  #noteNetwork({ userId, origin: begun }: Session, origin: ClientOrigin | null): void {
    if (origin === null || begun === null) return;
    const network = networkOf(origin.address);
    const isKnown = this.#knownNetworks.hasSeen(userId, network);
    if (isKnown || network === networkOf(begun.address)) this.#knownNetworks.note(userId, origin);
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

/** An action on the session itself, by anyone who has its secrets. */
function recordOf(
  { id, userId }: Session,
  action: AuditAction,
  origin: ClientOrigin | null,
  atMs: number,
): AuditRecord {
  return { userId, action, subjectId: id, apiKeyId: null, sessionId: id, origin, atMs };
}

/** Whether the last refresh of a session can be repeated. */
function isRepeatable(session: Session, atMs: number): boolean {
  return isLive(session, atMs) && atMs - session.refreshedAtMs < REPEATABLE_MS;
}

function isLive({ endedAtMs, expiresAtMs }: Session, atMs: number): boolean {
  return endedAtMs === null && expiresAtMs > atMs;
}
