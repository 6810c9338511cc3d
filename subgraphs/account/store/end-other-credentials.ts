import type { AuditRecord } from '../identity/audit/audit-record.ts';
import type { AccountTransaction } from './account-client.ts';
import { validAt } from './api-key-store.ts';
import { appendAudits } from './audit-store.ts';
import { endSessions } from './end-sessions.ts';

/** How many valid credentials ended. */
export interface EndedCredentials {
  readonly sessions: number;
  readonly apiKeys: number;
}

/**
 * Ends the valid sessions of the record's user but the record's own, and all their API keys, and withdraws the invitations
 * that they made, with audit entries: one for the sessions and the invitations, even if there were none, and one for each
 * key. Their sessions and their row are locked.
 */
export async function endOtherCredentials(
  transaction: AccountTransaction,
  record: AuditRecord,
): Promise<EndedCredentials> {
  const { userId, atMs, sessionId } = record;
  const sessions = await endSessions(transaction, { userId, atMs, except: sessionId });
  const keys = await transaction.apiKey.updateManyAndReturn({
    where: { userId, ...validAt(atMs) },
    data: { revokedAt: new Date(atMs) },
    select: { id: true },
  });
  // All in one statement: a thief can have made a hundred keys, and this must not take too long for that.
  await appendAudits(transaction, [
    { ...record, action: 'ALL_SESSIONS_ENDED', subjectId: null },
    ...keys.map(({ id }) => ({ ...record, action: 'API_KEY_REVOKED' as const, subjectId: id })),
  ]);
  return { sessions, apiKeys: keys.length };
}
