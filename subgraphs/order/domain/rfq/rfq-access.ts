import type { AccountId } from '#shared/domain/ids.ts';

/** What the one who asks may do with an account's requests for quote. */
export interface RfqAccess {
  readonly mayRead: (accountId: AccountId) => boolean;
  readonly mayRequestQuotes: (accountId: AccountId) => boolean;
}
