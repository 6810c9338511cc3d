import type { AccountId, AssetCode, FillId, OrderId, UserId } from '#shared/domain/ids.ts';
import type { Money } from '#shared/domain/money.ts';

/** Why a total changed. */
export type LedgerEntryType =
  'DEPOSIT' | 'WITHDRAWAL' | 'TRANSFER' | 'TRADE' | 'FEE' | 'REBATE' | 'SETTLEMENT' | 'CORRECTION';

/** What a movement of type CORRECTION corrects, at whose request and why. */
export interface Correction {
  /** The id of the corrected movement. */
  readonly corrects: string;
  readonly reason: string;
  readonly actor: UserId;
}

/** One asset moved between two accounts; its two sides are two ledger entries of opposite sign. */
export interface Transfer {
  /** Chosen by us; unique in the whole ledger. */
  readonly id: string;
  /** The id as its maker knows it. */
  readonly reference: string;
  readonly type: LedgerEntryType;
  readonly asset: AssetCode;
  /** More than zero. */
  readonly amount: Money;
  readonly from: AccountId;
  readonly to: AccountId;
  /** Null for everything but a CORRECTION. */
  readonly correction: Correction | null;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
}

/** One line of an account's ledger; it changed a total and never changes itself. */
export interface LedgerEntry {
  readonly accountId: AccountId;
  /** From 1, without gaps, per account. */
  readonly sequence: bigint;
  readonly type: LedgerEntryType;
  readonly asset: AssetCode;
  /** Signed. */
  readonly change: Money;
  /** The account's total of the asset after this entry. */
  readonly balanceAfter: Money;
  readonly transferId: string;
  readonly orderId: OrderId | null;
  readonly fillId: FillId | null;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
}
