import type { AccountId } from '#shared/domain/ids.ts';
import type { AccountTransaction } from './account-client.ts';
import { lockMembers } from './member-changes.ts';

/** Locks the list of an account's members until the transaction ends. @returns the ids of its owners */
export async function lockedOwners(
  transaction: AccountTransaction,
  accountId: AccountId,
): Promise<readonly string[]> {
  await lockMembers(transaction, accountId);
  const where = { accountId, role: 'OWNER' } as const;
  const rows = await transaction.accountMember.findMany({ where, select: { userId: true } });
  return rows.map(({ userId }) => userId);
}
