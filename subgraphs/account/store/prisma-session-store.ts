import {
  parseSessionId,
  parseUserId,
  type SessionId,
  trusted,
  type UserId,
} from '#shared/domain/ids.ts';
import type { Session as SessionRow } from '../__generated__/prisma/client.ts';
import type { AuditRecord } from '../identity/audit-record.ts';
import type { SessionStore, SessionWithHashes } from '../identity/session-store.ts';
import type { AccountClient } from './account-client.ts';
import type { TellOfCredentials } from './credential-news.ts';
import { appendAudit } from './prisma-audit-store.ts';

/** Sign-ins on PostgreSQL: one row each, however often it is refreshed. */
export class PrismaSessionStore implements SessionStore {
  readonly #client: AccountClient;
  readonly #tell: TellOfCredentials;

  constructor(client: AccountClient, tell: TellOfCredentials) {
    this.#client = client;
    this.#tell = tell;
  }

  async add(session: SessionWithHashes, record: AuditRecord) {
    const { id, userId, origin, familyHash, tokenHash } = session;
    const data = {
      ...{ id, userId, familyHash, tokenHash },
      address: origin?.address ?? null,
      userAgent: origin?.userAgent ?? null,
      createdAt: new Date(session.createdAtMs),
      refreshedAt: new Date(session.refreshedAtMs),
      expiresAt: new Date(session.expiresAtMs),
    };
    await this.#client.$transaction(async (transaction) => {
      await transaction.session.create({ data });
      await appendAudit(transaction, record);
    });
  }

  async session(id: SessionId) {
    const row = await this.#client.session.findUnique({ where: { id } });
    return row === null ? null : sessionOf(row);
  }

  async liveOf(userId: UserId, atMs: number) {
    const rows = await this.#client.session.findMany({
      where: { userId, endedAt: null, expiresAt: { gt: new Date(atMs) } },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    });
    return rows.map(sessionOf);
  }

  async rotate(id: SessionId, change: Parameters<SessionStore['rotate']>[1]) {
    // One statement, so that of two who show the same token one finds it changed.
    const [row] = await this.#client.session.updateManyAndReturn({
      where: { id, tokenHash: change.from, endedAt: null },
      data: {
        tokenHash: change.to,
        refreshedAt: new Date(change.refreshedAtMs),
        expiresAt: new Date(change.expiresAtMs),
      },
    });
    return row === undefined ? null : sessionOf(row);
  }

  async end(id: SessionId, record: AuditRecord) {
    const { userId, atMs } = record;
    const session = await this.#client.$transaction(async (transaction) => {
      const { count } = await transaction.session.updateMany({
        where: { id, userId, endedAt: null },
        data: { endedAt: new Date(atMs) },
      });
      if (count > 0) await appendAudit(transaction, record);
      const row = await transaction.session.findFirst({ where: { id, userId } });
      return row === null ? null : sessionOf(row);
    });
    this.#tell(userId);
    return session;
  }

  async endAll(record: AuditRecord) {
    const { userId, atMs } = record;
    const ended = await this.#client.$transaction(async (transaction) => {
      const { count } = await transaction.session.updateMany({
        where: { userId, endedAt: null, expiresAt: { gt: new Date(atMs) } },
        data: { endedAt: new Date(atMs) },
      });
      await appendAudit(transaction, record);
      return count;
    });
    this.#tell(userId);
    return ended;
  }
}

function sessionOf(row: SessionRow): SessionWithHashes {
  return {
    id: trusted(parseSessionId, row.id),
    userId: trusted(parseUserId, row.userId),
    origin: row.address === null ? null : { address: row.address, userAgent: row.userAgent },
    createdAtMs: row.createdAt.getTime(),
    refreshedAtMs: row.refreshedAt.getTime(),
    expiresAtMs: row.expiresAt.getTime(),
    endedAtMs: row.endedAt?.getTime() ?? null,
    familyHash: row.familyHash,
    tokenHash: row.tokenHash,
  };
}
