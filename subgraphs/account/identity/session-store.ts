import type { SessionId, UserId } from '#shared/domain/ids.ts';
import type { ClientOrigin } from '#shared/identity/client-origin.ts';
import type { AuditRecord } from './audit-record.ts';
import type { CreationPageKey } from './creation-page-key.ts';

/** One sign-in. Times are milliseconds since the epoch. */
export interface Session {
  readonly id: SessionId;
  readonly userId: UserId;
  /** From where it was begun; null if that was not known. */
  readonly origin: ClientOrigin | null;
  readonly createdAtMs: number;
  /** When it was begun or last refreshed. */
  readonly refreshedAtMs: number;
  /** When it ends unless it is refreshed before. */
  readonly expiresAtMs: number;
  /** When it was ended; null while nobody has. */
  readonly endedAtMs: number | null;
}

/** A sign-in with what its refresh token is checked against. */
export interface SessionWithHashes extends Session {
  /** Of the secret that all its tokens share. */
  readonly familyHash: string;
  /** Of the token that is good now. */
  readonly tokenHash: string;
}

/** The most sign-ins of one person that are good at once; with another one, that unused for longest ends. */
export const MAX_LIVE_SESSIONS = 100;

/** The port behind which sign-ins are kept; each change with its record, or neither. */
export interface SessionStore {
  /**
   * Ends those unused for longest where there would be more than {@link MAX_LIVE_SESSIONS}.
   * @param passwordHash the password that the person showed, for a sign-in by password
   * @returns false, and nothing is added, when that is not their password any more
   */
  add(session: SessionWithHashes, record: AuditRecord, passwordHash?: string): Promise<boolean>;
  session(id: SessionId): Promise<SessionWithHashes | null>;
  /** Those that are good, the one begun last first. */
  liveOf(userId: UserId, atMs: number): Promise<readonly Session[]>;
  /** Good and ended ones, the one begun last first. */
  pageOf(userId: UserId, key: CreationPageKey): Promise<readonly Session[]>;
  /**
   * Puts a new token in the place of the one that is good.
   * @returns null, and nothing is changed, when that is another one or the sign-in has ended
   */
  rotate(
    id: SessionId,
    change: {
      readonly from: string;
      readonly to: string;
      readonly refreshedAtMs: number;
      readonly expiresAtMs: number;
    },
  ): Promise<Session | null>;
  /**
   * Ends a sign-in of the record's person, at its time; one that was ended keeps its own, and nothing
   * is recorded. @returns null for no such one
   */
  end(id: SessionId, record: AuditRecord): Promise<Session | null>;
  /** Ends all sign-ins of the record's person. @returns how many were good until now */
  endAll(record: AuditRecord): Promise<number>;
}
