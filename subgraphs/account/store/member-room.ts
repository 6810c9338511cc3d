import type { AccountId, UserId } from '#shared/domain/ids.ts';
import { MAX_ACCOUNTS, MAX_MEMBERS } from '../identity/accounts/member-store.ts';
import type { AccountTransaction } from './account-client.ts';

/**
 * Why a user cannot become a member of an account; null if they can. The caller has locked both, so the answer holds
 * until the transaction ends.
 */
export async function roomRefusal(
  { accountMember }: AccountTransaction,
  accountId: AccountId,
  userId: UserId,
): Promise<'ALREADY_MEMBER' | 'TOO_MANY_MEMBERS' | 'TOO_MANY_ACCOUNTS' | null> {
  if ((await accountMember.count({ where: { accountId, userId } })) > 0) return 'ALREADY_MEMBER';
  if ((await accountMember.count({ where: { accountId } })) >= MAX_MEMBERS)
    return 'TOO_MANY_MEMBERS';
  const accounts = await accountMember.count({ where: { userId } });
  return accounts < MAX_ACCOUNTS ? null : 'TOO_MANY_ACCOUNTS';
}
