import type { AccountId, UserId } from '#shared/domain/ids.ts';
import type { AccountRole } from '#shared/identity/viewer.ts';
import type { AuditRecord } from '../audit/audit-record.ts';

/** A user with a role on an account. */
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

/** A user as other members of the account see them. */
export interface NamedUser {
  readonly id: UserId;
  readonly name: string;
}

/** One change of an account's members; never changes itself. */
export interface MemberChange {
  readonly accountId: AccountId;
  /** 1, 2, 3 … for each account. */
  readonly sequence: bigint;
  readonly kind: 'INVITED' | 'JOINED' | 'REMOVED';
  readonly role: AccountRole;
  /** Who joined or was removed; null for an invitation, which is for anyone who shows its code. */
  readonly user: NamedUser | null;
  /** Who invited or removed them; null for users the desk added. */
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

/**
 * The most open invitations of an account; with another one, the one that expires first is
 * withdrawn.
 */
export const MAX_OPEN_INVITATIONS = 50;

/** The most members of one account: all of them are one list. */
export const MAX_MEMBERS = 100;
/**
 * The most accounts on which an invited user can be a member: every request carries all of them.
 */
export const MAX_ACCOUNTS = 100;

/** The outcome of showing an invitation; a refused one stays valid. */
export type AcceptOutcome =
  | ({
      readonly kind: 'accepted';
      /** Whether the user accepted it before. */
      readonly replayed: boolean;
    } & Pick<Invitation, 'accountId' | 'role'>)
  | {
      readonly kind: 'refused';
      readonly reason:
        | 'INVITATION_INVALID'
        | 'ACCOUNT_FROZEN'
        | 'ALREADY_MEMBER'
        | 'TOO_MANY_MEMBERS'
        | 'TOO_MANY_ACCOUNTS';
    };

/** The outcome of a removal; an account that is not the caller's is like a nonexistent one. */
export type RemoveMemberOutcome =
  'removed' | 'notThere' | 'accountFrozen' | 'lastOwner' | 'accountNotFound';

/** The port for reading who has which role on which account. */
export interface MemberReads {
  /** By account; owners first, then by name. */
  membersOf(accountIds: readonly AccountId[]): Promise<readonly Member[]>;
  changesOf(accountId: AccountId, key: MemberChangesKey): Promise<readonly MemberChange[]>;
  /** A user's role on an account now; null for none. */
  roleOf(userId: UserId, accountId: AccountId): Promise<AccountRole | null>;
}

/**
 * The port for storing who has which role on which account; each change is stored with its audit
 * record and as a {@link MemberChange}, or not at all. Each method throws DomainError
 * UNAUTHENTICATED if the record's credential has ended. While the desk has frozen an account, its
 * members and invitations stay as they are.
 */
export interface MemberStore extends MemberReads {
  /** @returns `accountNotFound` when the record's user is not an owner of the account now */
  invite(
    invitation: Invitation,
    record: AuditRecord,
  ): Promise<'invited' | 'accountClosed' | 'accountFrozen' | 'accountNotFound'>;
  /** Uses an invitation for the record's user, unless it is refused; once, however often they repeat it. */
  accept(codeHash: string, record: Omit<AuditRecord, 'subjectId'>): Promise<AcceptOutcome>;
  /**
   * Withdraws all open invitations of an account.
   * @returns how many; `accountNotFound` if the record's user is not an owner of the account now
   */
  withdrawInvitations(
    accountId: AccountId,
    record: AuditRecord,
  ): Promise<number | 'accountFrozen' | 'accountNotFound'>;
  /**
   * The last owner stays, except on a closed account, which would count as one of theirs forever. Removing anyone else withdraws the account's open invitations, because
   * any of them may be a way back. A user removed by somebody else has that in their own trail too.
   * @returns `accountNotFound` if the record's user is neither the one removed nor an owner now
   */
  remove(accountId: AccountId, userId: UserId, record: AuditRecord): Promise<RemoveMemberOutcome>;
}
