import type { AccountId, AssetCode, TransferId, UserId } from '#shared/domain/ids.ts';
import type { Period } from '#shared/domain/period.ts';
import type { CorrectMovement } from './ledger-command.ts';
import type { LedgerEntry } from './ledger-entry.ts';

/** What else is known of a deposit, a withdrawal or a transfer; all null for other entries. */
export interface EntryOrigin {
  /** For a transfer, the account on its other side. */
  readonly otherAccountId: AccountId | null;
  /** For a withdrawal, the saved address that it was sent to, in words. */
  readonly withdrawalAddress: string | null;
  /** Null if no user requested it. */
  readonly requestedBy: { readonly id: UserId; readonly name: string } | null;
}

/** A ledger entry, with what is needed to write it; `transferId` is the id its maker knows. */
export interface EntryWithScale {
  readonly entry: LedgerEntry;
  readonly origin: EntryOrigin;
  /** For a CORRECTION: what it corrects, by the id its maker knows, and why. */
  readonly correction: { readonly transferId: string; readonly reason: string } | null;
  readonly scale: number;
}

/** One page of one account's entries, newest first. */
export interface EntryPageKey {
  readonly accountId: AccountId;
  /** Null for all assets. */
  readonly asset: AssetCode | null;
  /** Whether entries of trades and of their fees are left out. */
  readonly omitsTrades: boolean;
  /** Only entries with a lower sequence; null begins with the newest. */
  readonly before: bigint | null;
  /** When they were written. */
  readonly period: Period;
  readonly limit: number;
}

/** The port for reading ledger entries. */
export interface EntryReads {
  /** One list for each key, in the order of the keys. */
  pages(keys: readonly EntryPageKey[]): Promise<readonly (readonly EntryWithScale[])[]>;
  /** The movement that an entry is one side of; null if there is no such entry. */
  movementOf(accountId: AccountId, sequence: bigint): Promise<CorrectMovement['corrects'] | null>;
  /** Whether a user's correction with this id was answered before. */
  isCorrectionAnswered(userId: UserId, id: TransferId): Promise<boolean>;
}
