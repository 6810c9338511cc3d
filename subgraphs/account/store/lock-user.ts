import type { UserId } from '#shared/domain/ids.ts';
import { DomainError, DomainErrorCode } from '#shared/graphql/domain-error.ts';
import type { ApiKey as ApiKeyRow } from '../__generated__/prisma/client.ts';
import { isUsableFrom, secretIdOf } from '../identity/api-keys/api-key-rules.ts';
import type { ApiKey } from '../identity/api-keys/api-key-store.ts';
import type { AuditRecord } from '../identity/audit/audit-record.ts';
import type { AccountTransaction } from './account-client.ts';

type ShownCredential = Pick<AuditRecord, 'apiKeyId' | 'secretId' | 'sessionId' | 'origin' | 'atMs'>;

/**
 * Locks a user's row until the transaction ends, so that changes for one user run one at a time. Inserts of rows that
 * refer to the user do not wait.
 */
export async function lockUser(transaction: AccountTransaction, userId: UserId): Promise<void> {
  await transaction.$executeRaw`SELECT id FROM users WHERE id = ${userId} FOR NO KEY UPDATE`;
}

/**
 * Locks the user's row for a change that grants something, and checks the caller's credential again: it must still be
 * valid, and an API key must be usable from the caller's address, with the secret that the caller showed. The gateway
 * checked this earlier, and it may have changed since.
 * Keys and sessions are never deleted, so an ended one is always found.
 * @param maker the caller's API key, as it was when its power to grant was checked
 * @throws DomainError UNAUTHENTICATED if the credential has ended, or the key was changed since
 */
export async function lockUserToGrant(
  transaction: AccountTransaction,
  record: AuditRecord,
  maker: ApiKey | null = null,
): Promise<void> {
  await lockUser(transaction, record.userId);
  await assertCredential(transaction, record, maker);
}

/** Checks a credential without a lock; see {@link lockUserToGrant}. @throws DomainError UNAUTHENTICATED if it has ended */
export async function assertCredential(
  transaction: AccountTransaction,
  record: ShownCredential,
  maker: ApiKey | null = null,
): Promise<void> {
  if (!(await hasEnded(transaction, record, maker))) return;
  throw new DomainError(DomainErrorCode.UNAUTHENTICATED, 'This credential is no longer valid.');
}

async function hasEnded(
  transaction: AccountTransaction,
  { apiKeyId, secretId, sessionId, origin, atMs }: ShownCredential,
  maker: ApiKey | null,
): Promise<boolean> {
  if (apiKeyId !== null) {
    const key = await transaction.apiKey.findUnique({ where: { id: apiKeyId } });
    if (key === null) return false;
    const { revokedAt, expiresAt, ipAllowList } = key;
    const hasExpired = expiresAt !== null && expiresAt.getTime() <= atMs;
    const isUsable = isUsableFrom(ipAllowList, origin?.address ?? null);
    const isAsBefore = maker === null || `${ipAllowList}` === `${maker.ipAllowList}`;
    const isShown = secretId === undefined || hasSecret(key, secretId, atMs);
    return revokedAt !== null || hasExpired || !isUsable || !isAsBefore || !isShown;
  }
  if (sessionId === null) return false;
  const isOver = { expiresAt: { lte: new Date(atMs) } };
  const where = { id: sessionId, OR: [{ endedAt: { not: null } }, isOver] };
  return (await transaction.session.count({ where })) > 0;
}

/** Whether a key has this secret at a time: the current one, or the previous one until its overlap is over. */
function hasSecret(
  { secretHash, previousSecretHash, previousSecretUntil }: ApiKeyRow,
  secretId: string,
  atMs: number,
): boolean {
  if (secretIdOf(secretHash) === secretId) return true;
  const isOverlapping = previousSecretUntil !== null && previousSecretUntil.getTime() > atMs;
  return isOverlapping && secretIdOf(previousSecretHash ?? '') === secretId;
}
