import {
  type AccountId,
  parseAccountId,
  parseUserId,
  trusted,
  type UserId,
} from '#shared/domain/ids.ts';
import type { AccountRole } from '#shared/identity/viewer.ts';
import type { AuditRecord } from '../identity/audit-record.ts';
import type { Invitation, MemberStore } from '../identity/member-store.ts';
import type { AccountClient } from './account-client.ts';
import type { TellOfCredentials } from './credential-news.ts';
import { appendAudit } from './prisma-audit-store.ts';

const ORDER: readonly AccountRole[] = ['OWNER', 'TRADER', 'VIEWER'];

/** Members and invitations on PostgreSQL. */
export class PrismaMemberStore implements MemberStore {
  readonly #client: AccountClient;
  readonly #tell: TellOfCredentials;

  constructor(client: AccountClient, tell: TellOfCredentials) {
    this.#client = client;
    this.#tell = tell;
  }

  async membersOf(accountId: AccountId) {
    const rows = await this.#client.accountMember.findMany({
      where: { accountId },
      include: { user: { select: { name: true } } },
      orderBy: [{ user: { name: 'asc' } }, { userId: 'asc' }],
    });
    return rows
      .map(({ userId, role, user: { name } }) => ({
        ...{ accountId, userId: trusted(parseUserId, userId), name, role },
      }))
      .sort((one, other) => ORDER.indexOf(one.role) - ORDER.indexOf(other.role));
  }

  async invite({ accountId, role, codeHash, expiresAtMs }: Invitation, record: AuditRecord) {
    const data = { accountId, role, codeHash, expiresAt: new Date(expiresAtMs) };
    return this.#client.$transaction(async (transaction) => {
      // What is known of who asks may be older than their removal.
      const owners = await lockedOwners(transaction, accountId);
      if (!owners.includes(record.userId)) return false;
      await transaction.invitation.create({ data });
      await appendAudit(transaction, record);
      return true;
    });
  }

  async accept(codeHash: string, record: Omit<AuditRecord, 'subjectId'>) {
    const { userId, atMs } = record;
    const accepted = await this.#client.$transaction(async (transaction) => {
      const row = await transaction.invitation.findUnique({ where: { codeHash } });
      if (row === null || row.expiresAt.getTime() <= atMs) return null;
      const { accountId: id, role } = row;
      const accountId = trusted(parseAccountId, id);
      const member = { accountId_userId: { accountId, userId } };
      const known = await transaction.accountMember.findUnique({ where: member });
      if (known !== null) return { accountId, role, isNew: false };
      // Of two who show it at once one finds it gone.
      const { count } = await transaction.invitation.deleteMany({ where: { codeHash } });
      if (count === 0) return null;
      await transaction.accountMember.create({ data: { accountId, userId, role } });
      await appendAudit(transaction, { ...record, subjectId: accountId });
      return { accountId, role, isNew: true };
    });
    this.#tell(userId);
    return accepted;
  }

  async remove(accountId: AccountId, userId: UserId, record: AuditRecord) {
    const outcome = await this.#client.$transaction(async (transaction) => {
      const owners = await lockedOwners(transaction, accountId);
      if (record.userId !== userId && !owners.includes(record.userId))
        return 'accountNotFound' as const;
      const key = { accountId_userId: { accountId, userId } };
      const member = await transaction.accountMember.findUnique({ where: key });
      if (member === null) return 'notThere' as const;
      if (member.role === 'OWNER' && owners.length === 1) return 'lastOwner' as const;
      await transaction.accountMember.deleteMany({ where: { accountId, userId } });
      // One of them may be a way back for who made it.
      if (member.role === 'OWNER')
        await transaction.invitation.deleteMany({ where: { accountId } });
      await appendAudit(transaction, record);
      return 'removed' as const;
    });
    this.#tell(userId);
    return outcome;
  }
}

/** Who owns an account, until the transaction ends: whoever changes its members waits for that. */
async function lockedOwners(
  transaction: Pick<AccountClient, '$executeRaw' | 'accountMember'>,
  accountId: AccountId,
): Promise<readonly string[]> {
  await transaction.$executeRaw`SELECT id FROM accounts WHERE id = ${accountId} FOR NO KEY UPDATE`;
  const where = { accountId, role: 'OWNER' } as const;
  const rows = await transaction.accountMember.findMany({ where, select: { userId: true } });
  return rows.map(({ userId }) => userId);
}
