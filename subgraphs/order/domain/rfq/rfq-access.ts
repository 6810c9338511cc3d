import type { AccountId } from '#shared/domain/ids.ts';
import type { AccountAccess } from '../account-access.ts';

/** The caller's rights to an account's requests for quote. */
export interface RfqAccess extends AccountAccess {
  readonly mayRequestQuotes: (accountId: AccountId) => boolean;
  readonly mayStreamPrices: (accountId: AccountId) => boolean;
  /** Whether the caller has any role on an account. */
  readonly isMember: (accountId: AccountId) => boolean;
}
