import { parseAccountId, parseUserId, trusted, type UserId } from '#shared/domain/ids.ts';
import type { User as UserRow } from '../__generated__/prisma/client.ts';
import { type Account, mayOwe } from '../domain/account.ts';
import type { AuditRecord } from '../identity/audit/audit-record.ts';
import type { IdentityStore, KnownUser, User } from '../identity/identity-store.ts';
import type { AccountClient } from './account-client.ts';
import { appendMemberChange } from './member-changes.ts';
import { appendAudit } from './audit-store.ts';

/** Users and their grants in PostgreSQL. */
export class PostgresIdentityStore implements IdentityStore {
  readonly #client: AccountClient;

  constructor(client: AccountClient) {
    this.#client = client;
  }

  async userById(id: UserId) {
    const row = await this.#client.user.findUnique({ where: { id } });
    return row === null ? null : userOf(row);
  }

  async userByEmail(email: string) {
    const row = await this.#client.user.findUnique({ where: { email } });
    return row === null
      ? null
      : {
          ...userOf(row),
          passwordHash: row.passwordHash,
          isEmailVerified: row.isEmailVerified,
        };
  }

  addPerson(user: KnownUser, account: Account, record: AuditRecord) {
    const createdAt = new Date(record.atMs);
    const { id, name, kind, tradingState } = account;
    return this.#client.$transaction(async (transaction) => {
      const data = [{ ...user, createdAt }];
      const { count } = await transaction.user.createMany({ data, skipDuplicates: true });
      if (count === 0) return false;
      const overdraftAllowed = mayOwe(kind);
      await transaction.account.create({
        data: { id, name, kind, tradingState, overdraftAllowed, createdAt },
      });
      await transaction.accountMember.create({
        data: { accountId: id, userId: user.id, role: 'OWNER' },
      });
      await appendMemberChange(transaction, {
        accountId: id,
        kind: 'JOINED',
        role: 'OWNER',
        userId: user.id,
        byUserId: null,
        atMs: record.atMs,
      });
      await appendAudit(transaction, record);
      return true;
    });
  }

  async grantsOf(userId: UserId) {
    const rows = await this.#client.accountMember.findMany({
      where: { userId },
      orderBy: { accountId: 'asc' },
    });
    return rows.map(({ accountId, role }) => ({
      accountId: trusted(parseAccountId, accountId),
      role,
    }));
  }
}

function userOf({ id, email, name }: UserRow): User {
  return { id: trusted(parseUserId, id), email, name };
}
