import type { AccountId } from '#shared/domain/ids.ts';
import type { AccountTransaction } from './account-client.ts';

/** Whether the desk has frozen an account. While its members are locked that stays so. */
export async function isFrozen(
  { account }: AccountTransaction,
  accountId: AccountId,
): Promise<boolean> {
  const where = { id: accountId, frozenAt: { not: null } };
  return (await account.count({ where })) > 0;
}
