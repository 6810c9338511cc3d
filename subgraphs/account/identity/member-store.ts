import type { AccountId, UserId } from '#shared/domain/ids.ts';
import type { AccountRole } from '#shared/identity/viewer.ts';
import type { AuditRecord } from './audit-record.ts';

/** A person on an account. */
export interface Member {
  readonly accountId: AccountId;
  readonly userId: UserId;
  readonly name: string;
  readonly role: AccountRole;
}

/** The offer of a role on an account, to whoever shows its code. */
export interface Invitation {
  readonly accountId: AccountId;
  readonly role: AccountRole;
  /** Of the code. */
  readonly codeHash: string;
  /** Milliseconds since the epoch. */
  readonly expiresAtMs: number;
}

/** The port behind which it is kept who is what on which account; each change with its record. */
export interface MemberStore {
  /** Owners first, then by name. */
  membersOf(accountId: AccountId): Promise<readonly Member[]>;
  /** @returns false when the record's person is no owner of the account now */
  invite(invitation: Invitation, record: AuditRecord): Promise<boolean>;
  /**
   * Uses an invitation up for the record's person.
   * @returns null when it is not there, is over or was used; `isNew` is false, and it stays good, for
   *   who is on that account already
   */
  accept(
    codeHash: string,
    record: Omit<AuditRecord, 'subjectId'>,
  ): Promise<(Pick<Invitation, 'accountId' | 'role'> & { readonly isNew: boolean }) | null>;
  /**
   * The last owner stays; with another one the account's open invitations go.
   * @returns `accountNotFound` when the record's person is neither the one nor an owner now
   */
  remove(
    accountId: AccountId,
    userId: UserId,
    record: AuditRecord,
  ): Promise<'removed' | 'notThere' | 'lastOwner' | 'accountNotFound'>;
}
