import { parseUserId, trusted, type UserId } from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import type { AuditRecord } from '../identity/audit/audit-record.ts';
import type { PasswordChange, PasswordStore } from '../identity/passwords/password-store.ts';
import type { AccountClient } from './account-client.ts';
import type { CredentialNews } from './credential-news.ts';
import { lockUser, lockUserToGrant } from './lock-user.ts';
import type { UserTransactions } from './user-transactions.ts';
import { appendAudit } from './audit-store.ts';
import { endSessions, lockSessions } from './end-sessions.ts';
import { sessionOf } from './session-row.ts';

/** Passwords in PostgreSQL. */
export class PostgresPasswordStore implements PasswordStore {
  readonly #client: AccountClient;
  readonly #transactions: UserTransactions;
  readonly #news: CredentialNews;

  constructor(client: AccountClient, transactions: UserTransactions, news: CredentialNews) {
    this.#client = client;
    this.#transactions = transactions;
    this.#news = news;
  }

  async ownerOf(userId: UserId) {
    const select = { id: true, email: true, passwordHash: true };
    const row = await this.#client.user.findUnique({ where: { id: userId }, select });
    if (row === null) return null;
    const { id, email, passwordHash } = row;
    return { id: trusted(parseUserId, id), email, passwordHash };
  }

  async change({ from, to, familyHash, tokenHash }: PasswordChange, record: AuditRecord) {
    const { userId, sessionId, atMs } = record;
    invariant(sessionId !== null, 'a password is changed in a session');
    const work = this.#transactions.runFirst(record, async (transaction) => {
      await lockSessions(transaction, userId);
      await lockUserToGrant(transaction, record);
      const { count } = await transaction.user.updateMany({
        where: { id: userId, passwordHash: from },
        data: { passwordHash: to },
      });
      if (count === 0) return null;
      const endedSessions = await endSessions(transaction, { userId, atMs, except: sessionId });
      const row = await transaction.session.update({
        where: { id: sessionId },
        data: { familyHash, tokenHash },
      });
      await appendAudit(transaction, record);
      return { session: sessionOf(row), endedSessions };
    });
    return this.#news.announceIfChanged(userId, work, (outcome) => outcome !== null);
  }

  async reset(passwordHash: string, record: AuditRecord) {
    const { userId, atMs } = record;
    const work = this.#transactions.runFirst(record, async (transaction) => {
      await lockSessions(transaction, userId);
      await lockUser(transaction, userId);
      await transaction.user.update({ where: { id: userId }, data: { passwordHash } });
      const endedSessions = await endSessions(transaction, { userId, atMs, except: null });
      await appendAudit(transaction, record);
      return endedSessions;
    });
    return this.#news.announceIfChanged(userId, work, (ended) => ended > 0);
  }
}
