import type { AccountId, AssetCode, HoldId } from '#shared/domain/ids.ts';
import { type Money, moneyOfUnits } from '#shared/domain/money.ts';
import type { AccountKind, TradingState } from './account.ts';
import type { BalanceEvent } from './balance-event.ts';
import type { Balance } from './balance.ts';
import type { Hold } from './hold.ts';
import type { LedgerEntry, Transfer } from './ledger-entry.ts';
import type { AnsweredCommand, CommandKey } from './ledger-outcome.ts';

/** An account as the ledger sees it. */
export interface LedgerAccount {
  readonly id: AccountId;
  readonly kind: AccountKind;
  readonly tradingState: TradingState;
  readonly isClosed: boolean;
  /** The last ledger entry's sequence. */
  readonly entrySequence: bigint;
  /** The last balance event's sequence. */
  readonly balanceSequence: bigint;
}

/** The part of the ledger that a command can read. */
export interface LedgerView {
  account(id: AccountId): LedgerAccount | null;
  /** Null for an asset that the account has never held. */
  balance(accountId: AccountId, asset: AssetCode): Balance | null;
  hold(id: HoldId): Hold | null;
  /** Digits after the point of an amount of this asset; null for an unknown one. */
  assetScale(asset: AssetCode): number | null;
  answered(key: CommandKey): AnsweredCommand | null;
  /** How much of a movement has been corrected before. */
  correctedOf(transferId: string): Money;
}

/** One text for a command's key, for maps. */
export function keyText({ issuer, kind, id }: CommandKey): string {
  return `${kind}/${id}/${issuer}`;
}

/** One text for a balance's key, for maps. */
export function balanceKey(accountId: AccountId, asset: AssetCode): string {
  return `${asset}/${accountId}`;
}

/**
 * Changes on top of a view, which itself stays unchanged: dropping the draft undoes them all, and
 * absorbing it into another draft keeps them all. Drafts nest: command in call in batch.
 */
export class LedgerDraft implements LedgerView {
  readonly #base: LedgerView;
  readonly #accounts = new Map<AccountId, LedgerAccount>();
  readonly #balances = new Map<string, Balance>();
  readonly #holds = new Map<HoldId, Hold>();
  readonly #answered = new Map<string, AnsweredCommand>();
  readonly #transfers: Transfer[] = [];
  readonly #entries: LedgerEntry[] = [];
  readonly #events: BalanceEvent[] = [];

  constructor(base: LedgerView) {
    this.#base = base;
  }

  account(id: AccountId): LedgerAccount | null {
    return this.#accounts.get(id) ?? this.#base.account(id);
  }

  balance(accountId: AccountId, asset: AssetCode): Balance | null {
    return this.#balances.get(balanceKey(accountId, asset)) ?? this.#base.balance(accountId, asset);
  }

  hold(id: HoldId): Hold | null {
    return this.#holds.get(id) ?? this.#base.hold(id);
  }

  assetScale(asset: AssetCode): number | null {
    return this.#base.assetScale(asset);
  }

  answered(key: CommandKey): AnsweredCommand | null {
    return this.#answered.get(keyText(key)) ?? this.#base.answered(key);
  }

  correctedOf(transferId: string): Money {
    const own = this.#transfers.filter(({ correction }) => correction?.corrects === transferId);
    const before = this.#base.correctedOf(transferId);
    return moneyOfUnits(own.reduce((sum, { amount }) => sum + amount, before as bigint));
  }

  putAccount(account: LedgerAccount): void {
    this.#accounts.set(account.id, account);
  }

  putBalance(balance: Balance): void {
    this.#balances.set(balanceKey(balance.accountId, balance.asset), balance);
  }

  putHold(hold: Hold): void {
    this.#holds.set(hold.id, hold);
  }

  putAnswered(answered: AnsweredCommand): void {
    this.#answered.set(keyText(answered.key), answered);
  }

  addTransfer(transfer: Transfer): void {
    this.#transfers.push(transfer);
  }

  addEntry(entry: LedgerEntry): void {
    this.#entries.push(entry);
  }

  addEvent(event: BalanceEvent): void {
    this.#events.push(event);
  }

  /** Takes over all changes of a draft that was made on top of this one. */
  absorb(draft: LedgerDraft): void {
    for (const account of draft.#accounts.values()) this.putAccount(account);
    for (const balance of draft.#balances.values()) this.putBalance(balance);
    for (const hold of draft.#holds.values()) this.putHold(hold);
    for (const answered of draft.#answered.values()) this.putAnswered(answered);
    this.#transfers.push(...draft.#transfers);
    this.#entries.push(...draft.#entries);
    this.#events.push(...draft.#events);
  }

  /** Every change: rows to replace (accounts, balances, holds) and rows to add (the rest). */
  changes(): LedgerChanges {
    return {
      accounts: [...this.#accounts.values()],
      balances: [...this.#balances.values()],
      holds: [...this.#holds.values()],
      answered: [...this.#answered.values()],
      transfers: this.#transfers,
      entries: this.#entries,
      events: this.#events,
    };
  }
}

/** What a draft holds; see {@link LedgerDraft.changes}. */
export interface LedgerChanges {
  readonly accounts: readonly LedgerAccount[];
  readonly balances: readonly Balance[];
  readonly holds: readonly Hold[];
  readonly answered: readonly AnsweredCommand[];
  readonly transfers: readonly Transfer[];
  readonly entries: readonly LedgerEntry[];
  readonly events: readonly BalanceEvent[];
}
