import type { AccountId, UserId } from '#shared/domain/ids.ts';
import type { AccountAccess } from '../account-access.ts';

/** The caller's rights to an account's requests for quote. */
export interface RfqAccess extends AccountAccess {
  /** Null for a caller that is not a user, and so has no accounts. */
  readonly userId: UserId | null;
  readonly mayRequestQuotes: (accountId: AccountId) => boolean;
  readonly mayStreamPrices: (accountId: AccountId) => boolean;
}
