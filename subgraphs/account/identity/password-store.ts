import type { UserId } from '#shared/domain/ids.ts';
import type { AuditRecord } from './audit-record.ts';
import type { Session } from './session-store.ts';

/** Under what a user signs in. */
export interface PasswordOwner {
  readonly id: UserId;
  /** In lower case. */
  readonly email: string;
  /** Null for a user without a password. */
  readonly passwordHash: string | null;
}

/** A new password, and what the session that asks for it goes on with. */
export interface PasswordChange {
  /** The hash of the password that was shown. */
  readonly from: string;
  readonly to: string;
  /** Of the session's new refresh token; see `SessionWithHashes`. */
  readonly familyHash: string;
  readonly tokenHash: string;
}

/** The port behind which passwords are kept; each change with its record, or neither. */
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
  /** Sets the password of the record's user, whatever it was. @returns how many sessions that ended: all */
  reset(passwordHash: string, record: AuditRecord): Promise<number>;
}
