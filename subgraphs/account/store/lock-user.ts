import type { UserId } from '#shared/domain/ids.ts';
import { DomainError, DomainErrorCode } from '#shared/graphql/domain-error.ts';
import { isUsableFrom } from '../identity/api-key-rules.ts';
import type { ApiKey } from '../identity/api-key-store.ts';
import type { AuditRecord } from '../identity/audit-record.ts';
import type { AccountTransaction } from './account-client.ts';

/**
 * Locks a user's row until the transaction ends, so that changes of what is theirs happen one after
 * the other. Foreign keys to the row do not wait.
 */
export async function lockUser(transaction: AccountTransaction, userId: UserId): Promise<void> {
  await transaction.$executeRaw`SELECT id FROM users WHERE id = ${userId} FOR NO KEY UPDATE`;
}

/**
 * Locks the user's row, for a change that grants something: it is made only while the credential
 * that it is asked for with is valid, and a key only if it can be used from this address. The gateway
 * checked that before, and it may have changed since.
 * Keys and sign-ins are never deleted, so that one that has ended is found.
 * @param maker the key that it is asked for with, as it was when it was decided what it can grant
 * @throws DomainError UNAUTHENTICATED if the credential has ended, or its key was changed since
 */
export async function lockUserToGrant(
  transaction: AccountTransaction,
  record: AuditRecord,
  maker: ApiKey | null = null,
): Promise<void> {
  await lockUser(transaction, record.userId);
  if (!(await hasEnded(transaction, record, maker))) return;
  throw new DomainError(DomainErrorCode.UNAUTHENTICATED, 'This credential is no longer valid.');
}

async function hasEnded(
  transaction: AccountTransaction,
  { apiKeyId, sessionId, origin, atMs }: AuditRecord,
  maker: ApiKey | null,
): Promise<boolean> {
  if (apiKeyId !== null) {
    const key = await transaction.apiKey.findUnique({ where: { id: apiKeyId } });
    if (key === null) return false;
    const { revokedAt, expiresAt, ipAllowList } = key;
    const hasExpired = expiresAt !== null && expiresAt.getTime() <= atMs;
    const isUsable = isUsableFrom(ipAllowList, origin?.address ?? null);
    const isAsBefore = maker === null || `${ipAllowList}` === `${maker.ipAllowList}`;
    return revokedAt !== null || hasExpired || !isUsable || !isAsBefore;
  }
  if (sessionId === null) return false;
  const isOver = { expiresAt: { lte: new Date(atMs) } };
  const where = { id: sessionId, OR: [{ endedAt: { not: null } }, isOver] };
  return (await transaction.session.count({ where })) > 0;
}
