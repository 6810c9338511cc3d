import { parseUserId, trusted, type UserId } from '#shared/domain/ids.ts';
import type { AuditRecord } from '../identity/audit/audit-record.ts';
import type { RightCode } from '../identity/second-factor/right-code.ts';
import type { SecondFactorStore } from '../identity/second-factor/second-factor-store.ts';
import type { AccountClient, AccountTransaction } from './account-client.ts';
import type { UserTransactions } from './user-transactions.ts';
import type { CredentialNews } from './credential-news.ts';
import { endSessions, lockSessions } from './end-sessions.ts';
import { lockUser, lockUserToGrant } from './lock-user.ts';
import { appendAudit } from './audit-store.ts';

/** Second factors in PostgreSQL. */
export class PostgresSecondFactorStore implements SecondFactorStore {
  readonly #client: AccountClient;
  readonly #transactions: UserTransactions;
  readonly #news: CredentialNews;

  constructor(client: AccountClient, transactions: UserTransactions, news: CredentialNews) {
    this.#client = client;
    this.#transactions = transactions;
    this.#news = news;
  }

  async factorOf(userId: UserId) {
    const row = await this.#client.secondFactor.findUnique({
      where: { userId },
      include: { _count: { select: { recoveryCodes: true } } },
    });
    if (row === null) return null;
    return {
      sealedSecret: row.sealedSecret,
      confirmedAtMs: row.confirmedAt?.getTime() ?? null,
      recoveryCodesLeft: row._count.recoveryCodes,
    };
  }

  async newestSecrets(most: number) {
    const rows = await this.#client.secondFactor.findMany({
      where: { confirmedAt: { not: null } },
      orderBy: [{ confirmedAt: 'desc' }, { userId: 'asc' }],
      take: most,
      select: { userId: true, sealedSecret: true },
    });
    return rows.map(({ userId, sealedSecret }) => ({
      userId: trusted(parseUserId, userId),
      sealedSecret,
    }));
  }

  start(userId: UserId, sealedSecret: string) {
    return this.#transactions.run(userId, async (transaction) => {
      const data = [{ userId, sealedSecret }];
      const made = await transaction.secondFactor.createMany({ data, skipDuplicates: true });
      if (made.count > 0) return true;
      const renewed = await transaction.secondFactor.updateMany({
        where: { userId, confirmedAt: null },
        data: { sealedSecret },
      });
      return renewed.count > 0;
    });
  }

  confirm(change: Parameters<SecondFactorStore['confirm']>[0], record: AuditRecord) {
    const { sealedSecret, counter, codeHashes } = change;
    const { userId, atMs } = record;
    return this.#transactions.run(record.userId, async (transaction) => {
      await lockUserToGrant(transaction, record);
      const { count } = await transaction.secondFactor.updateMany({
        where: { userId, sealedSecret, confirmedAt: null },
        data: { confirmedAt: new Date(atMs), lastCounter: counter },
      });
      if (count === 0) return false;
      await replaceCodes(transaction, userId, codeHashes);
      await appendAudit(transaction, record);
      return true;
    });
  }

  async isUnused(userId: UserId, code: RightCode) {
    const { secondFactor, recoveryCode } = this.#client;
    if (code.kind === 'forRecovery')
      return (await recoveryCode.count({ where: { userId, codeHash: code.codeHash } })) > 0;
    const where = { userId, lastCounter: { lt: code.counter } };
    return (await secondFactor.count({ where })) > 0;
  }

  async useCounter(userId: UserId, counter: bigint, use: string) {
    const { count } = await this.#client.secondFactor.updateMany({
      where: {
        userId,
        OR: [{ lastCounter: { lt: counter } }, { lastCounter: counter, lastUse: use }],
      },
      data: { lastCounter: counter, lastUse: use },
    });
    return count > 0;
  }

  useRecoveryCode(codeHash: string, record: AuditRecord, use: string) {
    const { userId } = record;
    return this.#transactions.runFirst(record, async (transaction) => {
      // Whoever uses one for a change of the user's holds this lock by then.
      await lockUser(transaction, userId);
      const { secondFactor, recoveryCode } = transaction;
      const { count } = await recoveryCode.deleteMany({ where: { userId, codeHash } });
      if (count === 0) return (await secondFactor.count({ where: { userId, lastUse: use } })) > 0;
      await secondFactor.update({ where: { userId }, data: { lastUse: use } });
      await appendAudit(transaction, record);
      return true;
    });
  }

  async renewRecoveryCodes(codeHashes: readonly string[], record: AuditRecord) {
    await this.#transactions.run(record.userId, async (transaction) => {
      await lockUserToGrant(transaction, record);
      // First, because the record uses its code up, which can be one of those that are replaced.
      await appendAudit(transaction, record);
      await replaceCodes(transaction, record.userId, codeHashes);
    });
  }

  async remove(record: AuditRecord) {
    const { userId } = record;
    await this.#transactions.run(record.userId, async (transaction) => {
      await lockUserToGrant(transaction, record);
      // First, because the record uses its code up.
      await appendAudit(transaction, record);
      await deleteFactor(transaction, userId);
    });
  }

  reset(record: AuditRecord) {
    const { userId, atMs } = record;
    const work = this.#transactions.runFirst(record, async (transaction) => {
      await lockSessions(transaction, userId);
      await lockUser(transaction, userId);
      if (!(await deleteFactor(transaction, userId))) return null;
      const endedSessions = await endSessions(transaction, { userId, atMs, except: null });
      await appendAudit(transaction, record);
      return endedSessions;
    });
    return this.#news.announceIfChanged(userId, work, (ended) => ended !== null && ended > 0);
  }
}

/** Deletes a second factor with its recovery codes. @returns whether there was one */
async function deleteFactor(transaction: AccountTransaction, userId: UserId): Promise<boolean> {
  await transaction.recoveryCode.deleteMany({ where: { userId } });
  const { count } = await transaction.secondFactor.deleteMany({ where: { userId } });
  return count > 0;
}

async function replaceCodes(
  transaction: AccountTransaction,
  userId: UserId,
  codeHashes: readonly string[],
): Promise<void> {
  await transaction.recoveryCode.deleteMany({ where: { userId } });
  const data = codeHashes.map((codeHash) => ({ userId, codeHash }));
  await transaction.recoveryCode.createMany({ data });
}
