import type { AccountId, UserId } from '#shared/domain/ids.ts';
import type { AccountAccess } from '../account-access.ts';

/** What the one who asks may do with an account's requests for quote. */
export interface RfqAccess extends AccountAccess {
  /** Null for one who is no user, and has no accounts. */
  readonly userId: UserId | null;
  readonly mayRequestQuotes: (accountId: AccountId) => boolean;
  readonly mayStreamPrices: (accountId: AccountId) => boolean;
}
