import type { AccountId, UserId } from '#shared/domain/ids.ts';
import { MAX_ACCOUNTS, MAX_MEMBERS } from '../identity/member-store.ts';
import type { AccountTransaction } from './account-client.ts';

/**
 * Why an account has no place for somebody; null if it has one. Both are locked by who asks, so that
 * no other one takes it meanwhile.
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
