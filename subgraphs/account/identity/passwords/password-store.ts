import type { UserId } from '#shared/domain/ids.ts';
import type { AuditRecord } from '../audit/audit-record.ts';
import type { Session } from '../sessions/session-store.ts';

/** A user with what they sign in with. */
export interface PasswordOwner {
  readonly id: UserId;
  /** In lower case. */
  readonly email: string;
  /** Null for a user without a password. */
  readonly passwordHash: string | null;
}

/** A new password, and the new refresh token of the session that changes it. */
export interface PasswordChange {
  /** The hash of the password that was shown. */
  readonly from: string;
  readonly to: string;
  /** Of the session's new refresh token; see `SessionWithHashes`. */
  readonly familyHash: string;
  readonly tokenHash: string;
}

/** The port for storing passwords; each change is stored with its audit record, or neither is. */
export interface PasswordStore {
  ownerOf(userId: UserId): Promise<PasswordOwner | null>;
  /**
   * Changes the password of the record's user, and ends all their sessions but the record's.
   * @returns null, and nothing is changed, if `from` is not their password any more
   * @throws DomainError UNAUTHENTICATED if the record's session has ended
   */
  change(
    change: PasswordChange,
    record: AuditRecord,
  ): Promise<{ readonly session: Session; readonly endedSessions: number } | null>;
  /** Sets the password of the record's user, and ends all their sessions. @returns how many were active */
  reset(passwordHash: string, record: AuditRecord): Promise<number>;
}
