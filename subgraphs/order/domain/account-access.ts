import type { AccountId } from '#shared/domain/ids.ts';

/**
 * What the viewer can do with an account. A nonexistent account and someone else's are not
 * distinguished.
 */
export interface AccountAccess {
  readonly mayRead: (accountId: AccountId) => boolean;
  readonly mayTrade: (accountId: AccountId) => boolean;
}
