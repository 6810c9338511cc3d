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

/** The offer of a role on an account, to anyone who shows its code. */
export interface Invitation {
  readonly accountId: AccountId;
  readonly role: AccountRole;
  /** Of the code. */
  readonly codeHash: string;
  /** Milliseconds since the epoch. */
  readonly expiresAtMs: number;
}

/** A person as others on the account know them. */
export interface NamedUser {
  readonly id: UserId;
  readonly name: string;
}

/** One change of who may do what with an account; never changed itself. */
export interface MemberChange {
  readonly accountId: AccountId;
  /** 1, 2, 3 … for each account. */
  readonly sequence: bigint;
  readonly kind: 'INVITED' | 'JOINED' | 'REMOVED';
  readonly role: AccountRole;
  /** Who joined or was removed; null for an invitation, which is for anyone who shows its code. */
  readonly user: NamedUser | null;
  /** Who invited or removed them; null for whom the desk added. */
  readonly by: NamedUser | null;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
}

/** A page of an account's changes, newest first. */
export interface MemberChangesKey {
  /** Only changes with a lower sequence; null from the newest. */
  readonly before: bigint | null;
  readonly limit: number;
}

/** The most open invitations of an account; with another one, the one that ends first goes. */
export const MAX_OPEN_INVITATIONS = 50;

/** The most people on one account: all of them are one list. */
export const MAX_MEMBERS = 100;
/** The most accounts that a person may be invited to: every request of theirs says which they are. */
export const MAX_ACCOUNTS = 100;

/** What became of an invitation that somebody shows; one that is refused stays as it was. */
export type AcceptOutcome =
  | ({ readonly kind: 'accepted' } & Pick<Invitation, 'accountId' | 'role'>)
  | {
      readonly kind: 'refused';
      readonly reason:
        | 'INVITATION_INVALID'
        | 'ACCOUNT_FROZEN'
        | 'ALREADY_MEMBER'
        | 'TOO_MANY_MEMBERS'
        | 'TOO_MANY_ACCOUNTS';
    };

/** What became of a removal; an account that is not the caller's is as one that is not there. */
export type RemoveMemberOutcome =
  'removed' | 'notThere' | 'accountFrozen' | 'lastOwner' | 'accountNotFound';

/** The port through which it is read who is what on which account. */
export interface MemberReads {
  /** By account; owners first, then by name. */
  membersOf(accountIds: readonly AccountId[]): Promise<readonly Member[]>;
  changesOf(accountId: AccountId, key: MemberChangesKey): Promise<readonly MemberChange[]>;
  /** What somebody is on an account now; null for nothing. */
  roleOf(userId: UserId, accountId: AccountId): Promise<AccountRole | null>;
}

/**
 * The port behind which it is kept who is what on which account; each change with its record and as a
 * {@link MemberChange}, or not at all. Each throws DomainError UNAUTHENTICATED when the record's
 * credential has ended. While the desk has frozen an account, its members and invitations stay as they are.
 */
export interface MemberStore extends MemberReads {
  /** @returns `accountNotFound` when the record's person is not an owner of the account now */
  invite(
    invitation: Invitation,
    record: AuditRecord,
  ): Promise<'invited' | 'accountFrozen' | 'accountNotFound'>;
  /** Uses an invitation up for the record's person, unless it is refused. */
  accept(codeHash: string, record: Omit<AuditRecord, 'subjectId'>): Promise<AcceptOutcome>;
  /**
   * The last owner stays; with anybody else the account's open invitations go, any of which may be a
   * way back. Who is removed by another finds that in their own trail too.
   * @returns `accountNotFound` when the record's person is neither the one nor an owner now
   */
  remove(accountId: AccountId, userId: UserId, record: AuditRecord): Promise<RemoveMemberOutcome>;
}
