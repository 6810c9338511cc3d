import type { AssetCode, UserId, WithdrawalAddressId } from '#shared/domain/ids.ts';
import type { AuditRecord } from '../audit/audit-record.ts';

/** An address of the outside that a user has saved to withdraw to. Times are milliseconds since the epoch. */
export interface WithdrawalAddress {
  readonly id: WithdrawalAddressId;
  readonly userId: UserId;
  /** What can be sent there. */
  readonly asset: AssetCode;
  readonly address: string;
  /** What the user calls it. */
  readonly label: string;
  readonly addedAtMs: number;
  /** From when on it can be used. */
  readonly usableFromMs: number;
}

/** The state of a user's switch for withdrawals to saved addresses only, if it was ever on. */
export interface SavedAddressesSwitch {
  /** When it goes off; null if it stays on. */
  readonly offFromMs: number | null;
}

/** The most addresses that a user has at a time: all of them are one list. */
export const MAX_WITHDRAWAL_ADDRESSES = 100;

/** The outcome of saving an address; one that the user has already is answered as it is. */
type AddedAddress =
  | { readonly kind: 'added'; readonly address: WithdrawalAddress; readonly replayed: boolean }
  | { readonly kind: 'full' };

/**
 * The port for storing saved addresses; each change is stored with its audit record, or neither is. Methods that grant
 * something throw DomainError UNAUTHENTICATED if the record's credential has ended.
 */
export interface WithdrawalAddressStore {
  /** Newest first; without removed ones. */
  addressesOf(userId: UserId): Promise<readonly WithdrawalAddress[]>;
  add(address: WithdrawalAddress, record: AuditRecord): Promise<AddedAddress>;
  /**
   * @returns null if the record's user has no such address
   * @throws DomainError UNAUTHENTICATED if the record's credential has ended
   */
  remove(id: WithdrawalAddressId, record: AuditRecord): Promise<WithdrawalAddress | null>;
  /** Null for a user who never turned it on. */
  switchOf(userId: UserId): Promise<SavedAddressesSwitch | null>;
  /** Turns it on, also if it was about to go off. */
  switchOn(record: AuditRecord): Promise<SavedAddressesSwitch>;
  /**
   * Lets it go off at a time; an earlier request stands.
   * @returns null if it is not on at the record's time
   */
  switchOff(offFromMs: number, record: AuditRecord): Promise<SavedAddressesSwitch | null>;
}
