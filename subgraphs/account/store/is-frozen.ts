import type { AccountId } from '#shared/domain/ids.ts';
import type { AccountTransaction } from './account-client.ts';

/** Whether the desk has frozen an account. The answer cannot change while the account's members are locked. */
export async function isFrozen(
  { account }: AccountTransaction,
  accountId: AccountId,
): Promise<boolean> {
  const where = { id: accountId, frozenAt: { not: null } };
  return (await account.count({ where })) > 0;
}
