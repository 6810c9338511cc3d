import type { AccountId } from '#shared/domain/ids.ts';
import type { AccountTransaction } from './account-client.ts';

/** Whether an account is closed. The answer cannot change while the account's members are locked. */
export async function isClosed(
  { account }: AccountTransaction,
  accountId: AccountId,
): Promise<boolean> {
  const where = { id: accountId, closedAt: { not: null } };
  return (await account.count({ where })) > 0;
}
