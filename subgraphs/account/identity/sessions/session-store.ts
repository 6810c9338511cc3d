import type { SessionId, UserId } from '#shared/domain/ids.ts';
import type { ClientOrigin } from '#shared/identity/client-origin.ts';
import type { AuditRecord } from '../audit/audit-record.ts';
import type { CreationPageKey } from '../creation-page-key.ts';

/** One session. Times are milliseconds since the epoch. */
export interface Session {
  readonly id: SessionId;
  readonly userId: UserId;
  /** Where it was started from; null if unknown. */
  readonly origin: ClientOrigin | null;
  readonly createdAtMs: number;
  /** When it was started or last refreshed. */
  readonly refreshedAtMs: number;
  /** When it expires unless refreshed before. */
  readonly expiresAtMs: number;
  /** When it was ended; null if it has not been. */
  readonly endedAtMs: number | null;
}

/** A session with the hashes of its refresh token. */
export interface SessionWithHashes extends Session {
  /** Of the secret that all its tokens share. */
  readonly familyHash: string;
  /** Of the token that is valid now. */
  readonly tokenHash: string;
  /** Of the key with which the last refresh can be repeated; null for none. */
  readonly retryKeyHash: string | null;
}

/** A session that was never refreshed. */
export type NewSession = Omit<SessionWithHashes, 'retryKeyHash'>;

/**
 * The most sessions of one user that are active at once; with another one, the one unused for
 * longest ends.
 */
export const MAX_LIVE_SESSIONS = 100;

/** How a session begins. */
export interface SessionBeginning {
  /** Of the password that the user showed, for a sign-in with a password. */
  readonly passwordHash?: string | undefined;
  /** Whether all other sessions, and all API keys, end with it; false if omitted. */
  readonly endsOthers?: boolean | undefined;
}

/** The port for storing sessions; each change is stored with its audit record, or neither is. */
export interface SessionStore {
  /**
   * Ends those unused for longest if there would be more than {@link MAX_LIVE_SESSIONS}, and uses the record's code up.
   * @returns false, and nothing is added, if the user has another password by now
   */
  add(session: NewSession, record: AuditRecord, beginning?: SessionBeginning): Promise<boolean>;
  session(id: SessionId): Promise<SessionWithHashes | null>;
  /** The active ones, most recently started first. */
  liveOf(userId: UserId, atMs: number): Promise<readonly Session[]>;
  /** Active and ended ones, most recently started first. */
  pageOf(userId: UserId, key: CreationPageKey): Promise<readonly Session[]>;
  /**
   * Replaces the valid token with a new one.
   * @returns null, and nothing is changed, if another one is valid or the session has ended
   */
  rotate(
    id: SessionId,
    change: {
      readonly from: string;
      readonly to: string;
      readonly retryKeyHash: string | null;
      readonly refreshedAtMs: number;
      readonly expiresAtMs: number;
    },
  ): Promise<Session | null>;
  /**
   * Ends a session of the record's user, at its time; one that was ended keeps its own time, and
   * nothing is recorded.
   * @returns null if there is no such session
   * @throws DomainError UNAUTHENTICATED if the record's credential has ended, unless it is this session
   */
  end(id: SessionId, record: AuditRecord): Promise<Session | null>;
  /**
   * Ends all sessions of the record's user. @returns how many were active until now
   * @throws DomainError UNAUTHENTICATED if the record's credential has ended
   */
  endAll(record: AuditRecord): Promise<number>;
}
