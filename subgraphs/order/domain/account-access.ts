import { type AccountId, parseAccountId, type UserId } from '#shared/domain/ids.ts';

/**
 * What the viewer can do with an account. A nonexistent account and someone else's are not
 * distinguished.
 */
export interface AccountAccess {
  /** Null for a caller that is not a user, and so has no accounts. */
  readonly userId: UserId | null;
  readonly mayRead: (accountId: AccountId) => boolean;
  readonly mayTrade: (accountId: AccountId) => boolean;
}

/** The account of an id as received, if the viewer is permitted something with it; null otherwise. */
export function permittedAccount(
  account: string,
  isPermitted: (accountId: AccountId) => boolean,
): AccountId | null {
  const accountId = parseAccountId(account);
  return accountId !== null && isPermitted(accountId) ? accountId : null;
}
