import { DAY_MS } from '#shared/domain/clock.ts';
import { rateLimited } from '#shared/graphql/domain-error.ts';
import type { AuditRecord } from '../identity/audit/audit-record.ts';
import { DAILY_LIMITS } from '../identity/daily-limits.ts';
import type { AccountTransaction } from './account-client.ts';

/**
 * Refuses an action that its user, whose row is locked, has done too often within 24 hours. What they do by their keys
 * and what they do signed in are counted apart: a thief with a key uses up the keys' actions alone.
 * @throws DomainError RATE_LIMITED, so that nothing of the transaction is done
 */
export async function assertDailyRoom(
  { auditEntry }: AccountTransaction,
  { userId, action, apiKeyId, atMs }: AuditRecord,
): Promise<void> {
  const limit = DAILY_LIMITS[action];
  if (limit === undefined) return;
  const oldest = await auditEntry.findFirst({
    where: {
      userId,
      action,
      apiKeyId: apiKeyId === null ? null : { not: null },
      // While the clock is set back, entries have the time of the last one before that, which is after now. Those from
      // more than a day after now say only that the clock was wrong.
      at: { gt: new Date(atMs - DAY_MS), lte: new Date(atMs + DAY_MS) },
    },
    orderBy: [{ at: 'desc' }, { sequence: 'desc' }],
    skip: limit - 1,
    select: { at: true },
  });
  if (oldest === null) return;
  const message = `You did this ${limit} times within 24 hours; do it again later.`;
  throw rateLimited(message, { retryAfterMs: oldest.at.getTime() + DAY_MS - atMs });
}
