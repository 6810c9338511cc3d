import {
  parseApiKeyId,
  parseSessionId,
  parseUserId,
  trusted,
  type UserId,
} from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { HIGHEST_SEQUENCE } from '#shared/domain/sequence.ts';
import { type AuditEntry as AuditRow, Prisma } from '../__generated__/prisma/client.ts';
import {
  type AuditEntry,
  type AuditHead,
  chained,
  NO_ENTRIES,
} from '../identity/audit/audit-chain.ts';
import type { AuditRecord } from '../identity/audit/audit-record.ts';
import type { AuditPageKey, AuditStore } from '../identity/audit/audit-trail.ts';
import { DAILY_LIMITS } from '../identity/daily-limits.ts';
import { CodeUsedError } from '../identity/second-factor/right-code.ts';
import type { AccountClient, AccountTransaction } from './account-client.ts';
import type { UserTransactions } from './user-transactions.ts';
import { assertDailyRoom } from './daily-room.ts';
import { lockUser, lockUserToGrant } from './lock-user.ts';

/** Audit trails in PostgreSQL, where triggers refuse every update and delete. */
export class PostgresAuditStore implements AuditStore {
  readonly #client: AccountClient;
  readonly #transactions: UserTransactions;

  constructor(client: AccountClient, transactions: UserTransactions) {
    this.#client = client;
    this.#transactions = transactions;
  }

  async append(record: AuditRecord) {
    await this.#transactions.run(record.userId, async (transaction) => {
      await lockUserToGrant(transaction, record);
      await appendAudit(transaction, record);
    });
  }

  async appendAnyway(record: AuditRecord) {
    const asker = { userId: record.userId, apiKeyId: null, sessionId: null };
    await this.#transactions.runFirst(asker, (transaction) => appendAudit(transaction, record));
  }

  async entriesOf(userId: UserId, { before, period: { from, to }, limit }: AuditPageKey) {
    const conditions = Prisma.join(
      [
        Prisma.sql`a.user_id = ${userId}`,
        ...(before === null ? [] : [Prisma.sql`a.sequence < ${before}`]),
        ...(from === null ? [] : [Prisma.sql`a.sequence >= ${firstSince(userId, from)}`]),
        ...(to === null ? [] : [Prisma.sql`a.sequence < ${firstSince(userId, to)}`]),
      ],
      ' AND ',
    );
    const rows = await this.#client.$queryRaw<AuditRow[]>`
      SELECT a.user_id AS "userId", a.sequence, a.action::text, a.api_key_id AS "apiKeyId",
        a.session_id AS "sessionId", a.subject_id AS "subjectId", a.address,
        a.user_agent AS "userAgent", a.previous_hash AS "previousHash", a.hash, a.at
      FROM audit_entries a WHERE ${conditions} ORDER BY a.sequence DESC LIMIT ${limit}`;
    return rows.map(entryOf);
  }
}

/**
 * The sequence of a user's first entry at or after a time; if there is none, a number above all sequences. With it a
 * page of a period costs only its own rows, however old they are.
 */
function firstSince(userId: UserId, atMs: number): Prisma.Sql {
  return Prisma.sql`coalesce((
    SELECT f.sequence FROM audit_entries f WHERE f.user_id = ${userId} AND f.at >= ${new Date(atMs)}
    ORDER BY f.at, f.sequence LIMIT 1
  ), ${HIGHEST_SEQUENCE})`;
}

/**
 * Appends a record to its user's trail, in the transaction of the action that it records, and uses up the code that
 * this takes.
 * @throws CodeUsedError if that was used in the meantime
 * @throws DomainError RATE_LIMITED if the user has done this too often, see {@link assertDailyRoom}
 */
export async function appendAudit(
  transaction: AccountTransaction,
  record: AuditRecord,
): Promise<void> {
  // Entries are written one at a time, because each is chained to the previous one.
  await lockUser(transaction, record.userId);
  await assertDailyRoom(transaction, record);
  await useCode(transaction, record);
  await appendEntries(transaction, [record]);
}

/**
 * Appends several records of one user, whose row is locked, in one statement: those of actions that take no code, and that
 * no day bounds.
 */
export async function appendAudits(
  transaction: AccountTransaction,
  records: readonly AuditRecord[],
): Promise<void> {
  for (const { action, code } of records)
    invariant(code === undefined && DAILY_LIMITS[action] === undefined, `${action} is bounded`);
  await appendEntries(transaction, records);
}

async function useCode(transaction: AccountTransaction, record: AuditRecord): Promise<void> {
  const { userId, code } = record;
  if (code === undefined) return;
  const { secondFactor, recoveryCode } = transaction;
  // Neither is right again, for whatever.
  const used =
    code.kind === 'ofDevice'
      ? await secondFactor.updateMany({
          where: { userId, lastCounter: { lt: code.counter } },
          data: { lastCounter: code.counter, lastUse: null },
        })
      : await recoveryCode.deleteMany({ where: { userId, codeHash: code.codeHash } });
  if (used.count === 0) throw new CodeUsedError();
  if (code.kind === 'forRecovery')
    await appendEntries(transaction, [
      { ...record, action: 'RECOVERY_CODE_USED', subjectId: null },
    ]);
}

/** @param records at least one, all of one user */
async function appendEntries(
  { auditEntry }: Pick<AccountTransaction, 'auditEntry'>,
  records: readonly AuditRecord[],
): Promise<void> {
  const last = await auditEntry.findFirst({
    where: { userId: records[0]?.userId ?? '' },
    orderBy: { sequence: 'desc' },
    select: { sequence: true, hash: true, at: true },
  });
  let head: AuditHead = last === null ? NO_ENTRIES : { ...last, atMs: last.at.getTime() };
  const data = records.map((record) => {
    const entry = chained(record, head);
    head = entry;
    const { origin, atMs, secretId: _shown, code: _used, ...columns } = entry;
    return {
      ...columns,
      address: origin?.address ?? null,
      userAgent: origin?.userAgent ?? null,
      at: new Date(atMs),
    };
  });
  await auditEntry.createMany({ data });
}

function entryOf(row: AuditRow): AuditEntry {
  const { action, subjectId, sequence, previousHash, hash } = row;
  return {
    action,
    subjectId,
    sequence,
    previousHash,
    hash,
    userId: trusted(parseUserId, row.userId),
    apiKeyId: row.apiKeyId === null ? null : trusted(parseApiKeyId, row.apiKeyId),
    sessionId: row.sessionId === null ? null : trusted(parseSessionId, row.sessionId),
    origin: row.address === null ? null : { address: row.address, userAgent: row.userAgent },
    atMs: row.at.getTime(),
  };
}
