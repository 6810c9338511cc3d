import type { AuditRecord } from '../identity/audit-record.ts';
import type { AccountTransaction } from './account-client.ts';
import { validAt } from './api-key-store.ts';
import { appendAudit } from './audit-store.ts';
import { endSessions } from './end-sessions.ts';

/**
 * Ends the valid sessions of the record's user but the record's own, and all their API keys, and withdraws the invitations
 * that they made, with audit entries: one for the sessions and the invitations, even if there were none, and one for each
 * key. Their sessions and their row are locked. @returns whether a session or key ended
 */
export async function endOtherCredentials(
  transaction: AccountTransaction,
  record: AuditRecord,
): Promise<boolean> {
  const { userId, atMs, sessionId } = record;
  const ended = await endSessions(transaction, { userId, atMs, except: sessionId });
  await appendAudit(transaction, { ...record, action: 'ALL_SESSIONS_ENDED', subjectId: null });
  const keys = await transaction.apiKey.updateManyAndReturn({
    where: { userId, ...validAt(atMs) },
    data: { revokedAt: new Date(atMs) },
    select: { id: true },
  });
  for (const { id } of keys)
    await appendAudit(transaction, { ...record, action: 'API_KEY_REVOKED', subjectId: id });
  return ended + keys.length > 0;
}
