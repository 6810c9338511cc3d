import {
  type AccountId,
  parseAccountId,
  parseUserId,
  trusted,
  type UserId,
} from '#shared/domain/ids.ts';
import type { AuditRecord } from '../identity/audit/audit-record.ts';
import {
  type AcceptOutcome,
  type Invitation,
  MAX_OPEN_INVITATIONS,
  type MemberChangesKey,
  type MemberStore,
  type RemoveMemberOutcome,
} from '../identity/accounts/member-store.ts';
import type { AccountClient, AccountTransaction } from './account-client.ts';
import type { UserTransactions } from './user-transactions.ts';
import type { CredentialNews } from './credential-news.ts';
import { haltOf } from './account-halt.ts';
import { lockUser, lockUserToGrant } from './lock-user.ts';
import { lockedOwners } from './locked-owners.ts';
import { roomRefusal } from './member-room.ts';
import { appendMemberChange, lockMembers, readMemberChanges } from './member-changes.ts';
import { appendAudit } from './audit-store.ts';

/** Members and invitations in PostgreSQL. */
export class PostgresMemberStore implements MemberStore {
  readonly #client: AccountClient;
  readonly #transactions: UserTransactions;
  readonly #news: CredentialNews;

  constructor(client: AccountClient, transactions: UserTransactions, news: CredentialNews) {
    this.#client = client;
    this.#transactions = transactions;
    this.#news = news;
  }

  async membersOf(accountIds: readonly AccountId[]) {
    const rows = await this.#client.accountMember.findMany({
      where: { accountId: { in: [...accountIds] } },
      include: { user: { select: { name: true } } },
      // The database's enum sorts the roles: owners, traders, viewers.
      orderBy: [{ role: 'asc' }, { user: { name: 'asc' } }, { userId: 'asc' }],
    });
    return rows.map(({ accountId, userId, role, user: { name } }) => ({
      accountId: trusted(parseAccountId, accountId),
      userId: trusted(parseUserId, userId),
      name,
      role,
    }));
  }

  changesOf(accountId: AccountId, key: MemberChangesKey) {
    return readMemberChanges(this.#client, accountId, key);
  }

  async roleOf(userId: UserId, accountId: AccountId) {
    const where = { accountId_userId: { accountId, userId } };
    const member = await this.#client.accountMember.findUnique({ where, select: { role: true } });
    return member?.role ?? null;
  }

  async invite({ accountId, role, codeHash, expiresAtMs }: Invitation, record: AuditRecord) {
    const { userId, atMs } = record;
    const data = {
      accountId,
      role,
      codeHash,
      expiresAt: new Date(expiresAtMs),
      invitedBy: userId,
    };
    return this.#transactions.run(record.userId, async (transaction) => {
      // The caller's grants may be older than their removal.
      const owners = await lockedOwners(transaction, accountId);
      if (!owners.includes(userId)) return 'accountNotFound' as const;
      const halt = await haltOf(transaction, accountId);
      if (halt !== null) return halt === 'closed' ? 'accountClosed' : 'accountFrozen';
      await lockUserToGrant(transaction, record);
      await makeRoomForInvitation(transaction, accountId, atMs);
      await transaction.invitation.create({ data });
      await appendMemberChange(transaction, {
        accountId,
        kind: 'INVITED',
        role,
        userId: null,
        byUserId: userId,
        atMs,
      });
      await appendAudit(transaction, record);
      return 'invited' as const;
    });
  }

  accept(codeHash: string, record: Omit<AuditRecord, 'subjectId'>): Promise<AcceptOutcome> {
    const { userId, atMs } = record;
    const work = this.#transactions.run(
      record.userId,
      async (transaction): Promise<AcceptOutcome> => {
        const invitation = await lockedInvitation(transaction, codeHash);
        if (invitation === null) {
          const accepted = await acceptedBefore(transaction, codeHash, userId);
          return accepted ?? refused('INVITATION_INVALID');
        }
        if (invitation.expiresAt.getTime() <= atMs) return refused('INVITATION_INVALID');
        const { accountId: id, role, invitedBy: byUserId } = invitation;
        const accountId = trusted(parseAccountId, id);
        if ((await haltOf(transaction, accountId)) === 'frozen') return refused('ACCOUNT_FROZEN');
        await lockUserToGrant(transaction, { ...record, subjectId: accountId });
        const full = await roomRefusal(transaction, accountId, userId);
        if (full !== null) return refused(full);
        // The user who made it may be withdrawing it, which takes no lock of the account.
        const { count } = await transaction.invitation.deleteMany({ where: { codeHash } });
        if (count === 0) return refused('INVITATION_INVALID');
        await transaction.accountMember.create({ data: { accountId, userId, role } });
        await appendMemberChange(transaction, {
          accountId,
          kind: 'JOINED',
          role,
          userId,
          byUserId,
          codeHash,
          atMs,
        });
        await appendAudit(transaction, { ...record, subjectId: accountId });
        return { kind: 'accepted', replayed: false, accountId, role };
      },
    );
    return this.#news.announceIfChanged(
      userId,
      work,
      (outcome) => outcome.kind === 'accepted' && !outcome.replayed,
    );
  }

  withdrawInvitations(accountId: AccountId, record: AuditRecord) {
    return this.#transactions.runFirst(record, async (transaction) => {
      const owners = await lockedOwners(transaction, accountId);
      if (!owners.includes(record.userId)) return 'accountNotFound' as const;
      if ((await haltOf(transaction, accountId)) === 'frozen') return 'accountFrozen' as const;
      await lockUserToGrant(transaction, record);
      const expiresAt = { gt: new Date(record.atMs) };
      const { count } = await transaction.invitation.deleteMany({
        where: { accountId, expiresAt },
      });
      if (count > 0) await appendAudit(transaction, record);
      return count;
    });
  }

  remove(accountId: AccountId, userId: UserId, record: AuditRecord): Promise<RemoveMemberOutcome> {
    const work = this.#transactions.runFirst(record, async (transaction) => {
      const owners = await lockedOwners(transaction, accountId);
      if (record.userId !== userId && !owners.includes(record.userId)) return 'accountNotFound';
      const key = { accountId_userId: { accountId, userId } };
      const member = await transaction.accountMember.findUnique({ where: key });
      if (member === null) return 'notThere';
      const halt = await haltOf(transaction, accountId);
      if (halt === 'frozen') return 'accountFrozen';
      const { role } = member;
      const isLast = role === 'OWNER' && owners.length === 1;
      if (isLast && halt !== 'closed') return 'lastOwner';
      // Both users get an audit entry, so both are locked, in the order of their ids: two users may remove each other
      // from two accounts at the same time.
      for (const id of [record.userId, userId].sort()) await lockUser(transaction, id);
      await lockUserToGrant(transaction, record);
      await transaction.accountMember.deleteMany({ where: { accountId, userId } });
      await transaction.invitation.deleteMany({ where: { accountId } });
      await appendMemberChange(transaction, {
        accountId,
        kind: 'REMOVED',
        role,
        userId,
        byUserId: record.userId,
        atMs: record.atMs,
      });
      await appendAudit(transaction, record);
      if (record.userId !== userId) await appendAudit(transaction, removalOf(userId, record));
      return 'removed';
    });
    return this.#news.announceIfChanged<RemoveMemberOutcome>(
      userId,
      work,
      (outcome) => outcome === 'removed',
    );
  }
}

function refused(reason: (AcceptOutcome & { kind: 'refused' })['reason']) {
  return { kind: 'refused', reason } as const;
}

/**
 * Reads an invitation under the lock of its account's members. If two users accept it at the same time, the second
 * finds it gone.
 */
async function lockedInvitation(transaction: AccountTransaction, codeHash: string) {
  const where = { codeHash };
  const offered = await transaction.invitation.findUnique({ where });
  if (offered === null) return null;
  await lockMembers(transaction, trusted(parseAccountId, offered.accountId));
  return transaction.invitation.findUnique({ where });
}

/** What the user's own acceptance of an invitation gave them, if they have it still; null otherwise. */
async function acceptedBefore(
  { accountMember, memberChange }: AccountTransaction,
  codeHash: string,
  userId: UserId,
) {
  const joined = await memberChange.findUnique({ where: { codeHash } });
  if (joined?.userId !== userId) return null;
  const { accountId: id, role } = joined;
  const isMember = (await accountMember.count({ where: { accountId: id, userId, role } })) > 0;
  if (!isMember) return null;
  const accountId = trusted(parseAccountId, id);
  return { kind: 'accepted', replayed: true, accountId, role } as const;
}

/** Deletes the account's expired invitations and, if it has too many, those that expire first. */
async function makeRoomForInvitation(
  transaction: AccountTransaction,
  accountId: AccountId,
  atMs: number,
): Promise<void> {
  const isOver = { expiresAt: { lte: new Date(atMs) } };
  await transaction.invitation.deleteMany({ where: { accountId, ...isOver } });
  const rows = await transaction.invitation.findMany({
    where: { accountId },
    orderBy: [{ expiresAt: 'desc' }, { codeHash: 'desc' }],
    skip: MAX_OPEN_INVITATIONS - 1,
    select: { codeHash: true },
  });
  const codeHash = { in: rows.map((row) => row.codeHash) };
  if (rows.length > 0) await transaction.invitation.deleteMany({ where: { codeHash } });
}

/**
 * The entry for the trail of a user whom another one removed from an account. It does not reveal the other one's
 * address or credential.
 */
function removalOf(userId: UserId, { subjectId, atMs }: AuditRecord): AuditRecord {
  return {
    userId,
    action: 'REMOVED_FROM_ACCOUNT',
    subjectId,
    atMs,
    apiKeyId: null,
    sessionId: null,
    origin: null,
  };
}
