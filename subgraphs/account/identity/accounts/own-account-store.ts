import type { AccountId, ClientAccountId } from '#shared/domain/ids.ts';
import type { Account } from '../../domain/account.ts';
import type { AuditRecord } from '../audit/audit-record.ts';

/** The most client accounts that a user owns after opening one; closed ones do not count. */
export const MAX_OWN_ACCOUNTS = 25;

/** The most accounts that a user opens within a day: closed ones stay, so a loop of both would grow forever. */
export const MAX_OPENED_A_DAY = 50;

/** An account that a user opens besides those they have. */
export interface AccountOpening {
  /** Chosen by the user; each opens one account, forever. */
  readonly clientAccountId: ClientAccountId;
  /** Used if the id is new. */
  readonly accountId: AccountId;
  readonly name: string;
}

/** An account as it was opened, but for its closing; its name may have changed since. */
export interface OpenedAccount {
  readonly accountId: AccountId;
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly openedAtMs: number;
  /** When it was closed since, milliseconds since the epoch; null if it is open. */
  readonly closedAtMs: number | null;
}

/** The outcome of opening an account. */
type OpeningOutcome =
  | { readonly kind: 'opened'; readonly replayed: boolean; readonly account: OpenedAccount }
  /** The id was used for an account with another name. */
  | { readonly kind: 'conflict'; readonly accountId: AccountId }
  | {
      readonly kind: 'full';
      readonly reason: 'TOO_MANY_OWN_ACCOUNTS' | 'TOO_MANY_ACCOUNTS' | 'TOO_MANY_OPENED';
    };

/**
 * The port for opening and naming accounts; each change is stored with its audit record, or neither is. Each method
 * throws DomainError UNAUTHENTICATED if the record's credential has ended.
 */
export interface OwnAccountStore {
  /** Makes the record's user the owner of a new client's account; once for each of their ids. */
  open(opening: AccountOpening, record: Omit<AuditRecord, 'subjectId'>): Promise<OpeningOutcome>;
  /** @returns `accountNotFound` when the record's user is not an owner of the account now */
  rename(
    accountId: AccountId,
    name: string,
    record: AuditRecord,
  ): Promise<Account | 'accountNotFound' | 'notAClient' | 'closed' | 'frozen'>;
}
