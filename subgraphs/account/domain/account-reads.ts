import type { AccountId, AssetCode } from '#shared/domain/ids.ts';
import type { Account } from './account.ts';
import type { BalanceText } from './balance-event.ts';
import type { Balance } from './balance.ts';

/** A balance, with the scale of its asset for writing it. */
export interface BalanceWithScale {
  readonly balance: Balance;
  readonly scale: number;
}

/** The account whose balances are read, and at what instant, in milliseconds since the epoch. */
export interface PastBalancesKey {
  readonly accountId: AccountId;
  readonly atMs: number;
}

/** All balances of an account, and the sequence of its last balance event. */
export interface BalanceSnapshot {
  readonly sequence: bigint;
  readonly balances: readonly BalanceWithScale[];
}

/** An event of an account's balance stream; `event` is the JSON of a `BalanceEvent`. */
export interface StoredBalanceEvent {
  readonly sequence: bigint;
  readonly event: unknown;
}

/** The port for reading accounts. Unknown ids are omitted from the answers. */
export interface AccountReads {
  accounts(ids: readonly AccountId[]): Promise<readonly Account[]>;
  /** By account and asset code. */
  balances(accountIds: readonly AccountId[]): Promise<readonly BalanceWithScale[]>;
  /**
   * What each account had of each asset at an instant, by asset code; assets that it had never held
   * by then are omitted. One list for each key, in the order of the keys.
   */
  balancesAt(keys: readonly PastBalancesKey[]): Promise<readonly (readonly BalanceText[])[]>;
  /** Which of these are assets of the desk. */
  knownAssets(codes: readonly AssetCode[]): Promise<ReadonlySet<AssetCode>>;
  /** Both parts of one moment. */
  balanceSnapshot(accountId: AccountId): Promise<BalanceSnapshot>;
  /** The sequence of the account's last balance event; 0 before the first. */
  balanceSequence(accountId: AccountId): Promise<bigint>;
  /** Events with a higher sequence than this, oldest first, at most `limit`. */
  balanceEvents(
    accountId: AccountId,
    afterSequence: bigint,
    limit: number,
  ): Promise<readonly StoredBalanceEvent[]>;
}
