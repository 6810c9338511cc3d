import type { UserId } from '#shared/domain/ids.ts';
import type { AccountAccess } from '../subgraphs/order/domain/account-access.ts';

/** Who trades on which account: one user on two, and of one it is not known. */
const USERS: Readonly<Record<string, string>> = { anna: 'olga', bert: 'olga', cleo: 'max' };

/** Who trades on an account; null if that is not known. */
export function userOf(accountId: string): UserId | null {
  return (USERS[accountId] ?? null) as UserId | null;
}

/** The rights of whoever trades on an account. */
export function accessOf(accountId: string): AccountAccess {
  return { userId: userOf(accountId), mayRead: () => true, mayTrade: () => true };
}
