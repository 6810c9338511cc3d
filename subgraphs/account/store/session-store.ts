import type { SessionId, UserId } from '#shared/domain/ids.ts';
import type { AuditRecord } from '../identity/audit/audit-record.ts';
import type { CreationPageKey } from '../identity/creation-page-key.ts';
import {
  MAX_LIVE_SESSIONS,
  type SessionBeginning,
  type SessionStore,
  type NewSession,
} from '../identity/sessions/session-store.ts';
import type { AccountClient, AccountTransaction } from './account-client.ts';
import type { UserTransactions } from './user-transactions.ts';
import { creationPage } from './creation-page.ts';
import type { CredentialNews } from './credential-news.ts';
import { type EndedCredentials, endOtherCredentials } from './end-other-credentials.ts';
import { lockSessions } from './end-sessions.ts';
import { assertCredential, lockUser } from './lock-user.ts';
import { appendAudit } from './audit-store.ts';
import { liveAt, sessionOf } from './session-row.ts';
import { withdrawInvitationsBy } from './withdraw-invitations.ts';

/** Sessions in PostgreSQL: one row each, however often they are refreshed. */
export class PostgresSessionStore implements SessionStore {
  readonly #client: AccountClient;
  readonly #transactions: UserTransactions;
  readonly #news: CredentialNews;

  constructor(client: AccountClient, transactions: UserTransactions, news: CredentialNews) {
    this.#client = client;
    this.#transactions = transactions;
    this.#news = news;
  }

  async add(
    session: NewSession,
    record: AuditRecord,
    { passwordHash, endsOthers = false }: SessionBeginning = {},
  ) {
    const { id, userId, origin, familyHash, tokenHash } = session;
    const data = {
      id,
      userId,
      familyHash,
      tokenHash,
      address: origin?.address ?? null,
      userAgent: origin?.userAgent ?? null,
      createdAt: new Date(session.createdAtMs),
      refreshedAt: new Date(session.refreshedAtMs),
      expiresAt: new Date(session.expiresAtMs),
    };
    // First: someone who has just shown who they are may be about to end the credential that floods the queue.
    const work = this.#transactions.runFirst(record, async (transaction) => {
      if (endsOthers) await lockSessions(transaction, userId);
      await lockUser(transaction, userId);
      const shown = { id: userId, ...(passwordHash === undefined ? {} : { passwordHash }) };
      if ((await transaction.user.count({ where: shown })) === 0) return null;
      const ended = endsOthers ? [] : await endLongestUnused(transaction, record);
      await transaction.session.create({ data });
      await appendAudit(transaction, record);
      if (endsOthers) {
        const others = await endOtherCredentials(transaction, { ...record, code: undefined });
        return others.sessions + others.apiKeys > 0;
      }
      const displaced = { ...record, action: 'SESSION_ENDED', code: undefined } as const;
      for (const one of ended) await appendAudit(transaction, { ...displaced, subjectId: one });
      return ended.length > 0;
    });
    const hasEndedOthers = await this.#news.announceIfChanged(
      userId,
      work,
      (ended) => ended === true,
    );
    return hasEndedOthers !== null;
  }

  async session(id: SessionId) {
    const row = await this.#client.session.findUnique({ where: { id } });
    return row === null ? null : sessionOf(row);
  }

  async liveOf(userId: UserId, atMs: number) {
    const rows = await this.#client.session.findMany({
      where: { userId, ...liveAt(atMs) },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      take: MAX_LIVE_SESSIONS,
    });
    return rows.map(sessionOf);
  }

  async pageOf(userId: UserId, key: CreationPageKey) {
    const { where, ...rest } = creationPage(key);
    const rows = await this.#client.session.findMany({ where: { userId, ...where }, ...rest });
    return rows.map(sessionOf);
  }

  async rotate(id: SessionId, change: Parameters<SessionStore['rotate']>[1]) {
    // One statement, so that if two requests show the same token, the second finds it changed.
    const [row] = await this.#client.session.updateManyAndReturn({
      where: { id, tokenHash: change.from, endedAt: null },
      data: {
        tokenHash: change.to,
        retryKeyHash: change.retryKeyHash,
        refreshedAt: new Date(change.refreshedAtMs),
        expiresAt: new Date(change.expiresAtMs),
      },
    });
    return row === undefined ? null : sessionOf(row);
  }

  async end(id: SessionId, record: AuditRecord) {
    const { userId, atMs } = record;
    // The user's row is locked last, and only by the request that ended the session. Many replays of one token then do
    // not wait for each other.
    const work = this.#transactions.runFirst(record, async (transaction) => {
      const { count } = await transaction.session.updateMany({
        where: { id, userId, endedAt: null },
        data: { endedAt: new Date(atMs) },
      });
      if (record.sessionId !== id) await assertCredential(transaction, record);
      if (count > 0) await appendAudit(transaction, record);
      const row = await transaction.session.findFirst({ where: { id, userId } });
      return { isEnded: count > 0, session: row === null ? null : sessionOf(row) };
    });
    return (await this.#news.announceIfChanged(userId, work, ({ isEnded }) => isEnded)).session;
  }

  endAll(record: AuditRecord) {
    const { userId, sessionId, atMs } = record;
    const work = this.#transactions.runFirst(record, async (transaction) => {
      const live = { userId, ...liveAt(atMs) };
      const data = { endedAt: new Date(atMs) };
      const others = await transaction.session.updateMany({
        where: { ...live, id: { not: sessionId ?? '' } },
        data,
      });
      // By now, because a session that was found may have begun after this credential had ended.
      await assertCredential(transaction, record);
      const own = await transaction.session.updateMany({
        where: { ...live, id: sessionId ?? '' },
        data,
      });
      const count = others.count + own.count;
      // An invitation that is being made is either finished by now or finds its session ended.
      await lockUser(transaction, userId);
      const withdrawn = await withdrawInvitationsBy(transaction, userId);
      // Never refused, so a key could fill the trail by asking again and again.
      if (count + withdrawn > 0) await appendAudit(transaction, record);
      return count;
    });
    return this.#news.announceIfChanged(userId, work, (ended) => ended > 0);
  }

  endCredentials(record: AuditRecord) {
    const { userId } = record;
    const work = this.#transactions.runFirst(record, async (transaction) => {
      await lockSessions(transaction, userId);
      await lockUser(transaction, userId);
      return endOtherCredentials(transaction, record);
    });
    const hasEnded = ({ sessions, apiKeys }: EndedCredentials) => sessions + apiKeys > 0;
    return this.#news.announceIfChanged(userId, work, hasEnded);
  }
}

/** Makes room for one more session by ending those that were unused for longest. @returns their ids */
async function endLongestUnused(
  transaction: AccountTransaction,
  { userId, atMs }: AuditRecord,
): Promise<readonly string[]> {
  const rows = await transaction.session.findMany({
    where: { userId, ...liveAt(atMs) },
    orderBy: [{ refreshedAt: 'desc' }, { id: 'desc' }],
    skip: MAX_LIVE_SESSIONS - 1,
    select: { id: true },
  });
  if (rows.length === 0) return [];
  // A session that another transaction is just ending is skipped: that transaction waits for this one.
  const free = await transaction.$queryRaw<{ id: string }[]>`
    SELECT id FROM sessions WHERE id = ANY(${rows.map(({ id }) => id)}) AND ended_at IS NULL
    FOR UPDATE SKIP LOCKED`;
  const ids = free.map(({ id }) => id);
  const endedAt = new Date(atMs);
  await transaction.session.updateMany({ where: { id: { in: ids } }, data: { endedAt } });
  return ids;
}
