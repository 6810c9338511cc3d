import type { AccountId } from '#shared/domain/ids.ts';

/** What the one who asks may do with an account. An absent account and someone else's are one answer. */
export interface AccountAccess {
  readonly mayRead: (accountId: AccountId) => boolean;
  readonly mayTrade: (accountId: AccountId) => boolean;
}
