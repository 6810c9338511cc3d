import {
  parseApiKeyId,
  parseSessionId,
  parseUserId,
  trusted,
  type UserId,
} from '#shared/domain/ids.ts';
import type { AuditEntry as AuditRow } from '../__generated__/prisma/client.ts';
import { type AuditEntry, chained, NO_ENTRIES } from '../identity/audit-chain.ts';
import type { AuditRecord } from '../identity/audit-record.ts';
import type { AuditPageKey, AuditStore } from '../identity/audit-trail.ts';
import type { AccountClient, AccountTransaction } from './account-client.ts';
import { lockPerson, lockPersonToGrant } from './lock-person.ts';

/** Trails on PostgreSQL, whose triggers refuse every change. */
export class PrismaAuditStore implements AuditStore {
  readonly #client: AccountClient;

  constructor(client: AccountClient) {
    this.#client = client;
  }

  async append(record: AuditRecord) {
    await this.#client.$transaction(async (transaction) => {
      await lockPersonToGrant(transaction, record);
      await appendAudit(transaction, record);
    });
  }

  async entriesOf(userId: UserId, { before, limit }: AuditPageKey) {
    const rows = await this.#client.auditEntry.findMany({
      where: { userId, ...(before === null ? {} : { sequence: { lt: before } }) },
      orderBy: { sequence: 'desc' },
      take: limit,
    });
    return rows.map(entryOf);
  }
}

/** Writes a record in the transaction of what it tells of, at the end of its person's trail. */
export async function appendAudit(
  transaction: AccountTransaction,
  record: AuditRecord,
): Promise<void> {
  const { userId } = record;
  // One after the other: the next entry is chained to this one.
  await lockPerson(transaction, userId);
  const last = await transaction.auditEntry.findFirst({
    where: { userId },
    orderBy: { sequence: 'desc' },
    select: { sequence: true, hash: true },
  });
  const { origin, atMs, ...entry } = chained(record, last ?? NO_ENTRIES);
  await transaction.auditEntry.create({
    data: {
      ...entry,
      address: origin?.address ?? null,
      userAgent: origin?.userAgent ?? null,
      at: new Date(atMs),
    },
  });
}

function entryOf(row: AuditRow): AuditEntry {
  const { action, subjectId, sequence, previousHash, hash } = row;
  return {
    ...{ action, subjectId, sequence, previousHash, hash },
    userId: trusted(parseUserId, row.userId),
    apiKeyId: row.apiKeyId === null ? null : trusted(parseApiKeyId, row.apiKeyId),
    sessionId: row.sessionId === null ? null : trusted(parseSessionId, row.sessionId),
    origin: row.address === null ? null : { address: row.address, userAgent: row.userAgent },
    atMs: row.at.getTime(),
  };
}
