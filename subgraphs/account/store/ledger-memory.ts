import type { AccountId, AssetCode, HoldId } from '#shared/domain/ids.ts';
import { type Money, ZERO_MONEY } from '#shared/domain/money.ts';
import type { Balance } from '../domain/balance.ts';
import type { Hold } from '../domain/hold.ts';
import { accountsOf, assetsOf, holdsOf, type LedgerCommand } from '../domain/ledger-command.ts';
import {
  balanceKey,
  keyText,
  type LedgerAccount,
  type LedgerChanges,
  type LedgerView,
} from '../domain/ledger-draft.ts';
import type { AnsweredCommand } from '../domain/ledger-outcome.ts';
import type { LedgerRows } from './load-ledger.ts';

/** Beyond these limits everything is forgotten; what is in use is loaded again when it is next needed. */
const MAX_ACCOUNTS = 20_000;
const MAX_HOLDS = 200_000;

/**
 * The part of the ledger that this process has read or written, as it last saw it. Other processes write to the
 * database, too, so it can be outdated. Every write based on it must therefore name the accounts' sequences and states,
 * which change with everything in the account. Answers are not remembered: those to users and to holds that would be
 * refused are read each time, and the database refuses any other command that was already answered.
 */
export class LedgerMemory implements LedgerView {
  readonly #accounts = new Map<AccountId, LedgerAccount>();
  readonly #balances = new Map<string, Balance>();
  /** Holds that have not ended. */
  readonly #holds = new Map<HoldId, Hold>();
  #scales: ReadonlyMap<AssetCode, number> = new Map();

  /**
   * Whether memory has everything that the commands can read. A hold that is to be placed must not be in memory; if it
   * is, its command was already answered. One that is to be released and is not in memory counts as never placed: if it
   * was, the database refuses a second row for it.
   */
  covers(commands: readonly LedgerCommand[]): boolean {
    return commands.every(
      (command) =>
        // Earlier corrections are read only under the lock.
        command.kind !== 'correct' &&
        accountsOf(command).every((id) => this.#accounts.has(id)) &&
        (command.kind === 'releaseHold' ||
          holdsOf(command).every((id) => this.#holds.has(id) === (command.kind !== 'placeHold'))),
    );
  }

  /**
   * Whether memory has every asset that the commands name. Assets are only ever added, and writes do not compare them,
   * so an unknown asset may have been added since.
   */
  knowsAssetsOf(commands: readonly LedgerCommand[]): boolean {
    return commands.every((command) => assetsOf(command).every((asset) => this.#scales.has(asset)));
  }

  account(id: AccountId): LedgerAccount | null {
    return this.#accounts.get(id) ?? null;
  }

  balance(accountId: AccountId, asset: AssetCode): Balance | null {
    return this.#balances.get(balanceKey(accountId, asset)) ?? null;
  }

  hold(id: HoldId): Hold | null {
    return this.#holds.get(id) ?? null;
  }

  assetScale(asset: AssetCode): number | null {
    return this.#scales.get(asset) ?? null;
  }

  answered(): null {
    return null;
  }

  /** The same with answers that were just read, by {@link keyText}. */
  withAnswers(answers: ReadonlyMap<string, AnsweredCommand>): LedgerView {
    return {
      account: (id) => this.account(id),
      balance: (accountId, asset) => this.balance(accountId, asset),
      hold: (id) => this.hold(id),
      assetScale: (asset) => this.assetScale(asset),
      answered: (key) => answers.get(keyText(key)) ?? null,
      correctedOf: () => this.correctedOf(),
    };
  }

  correctedOf(): Money {
    return ZERO_MONEY;
  }

  /** Remembers rows that were read under the accounts' locks, before the batch changes them. */
  learn({ accounts, balances, holds, scales }: LedgerRows): void {
    this.learnScales(scales);
    // Another process has changed an account. Its holds that were not read now may have changed, too.
    if ([...accounts.values()].some((account) => this.#isOutdated(account))) this.forget();
    for (const account of accounts.values()) this.#accounts.set(account.id, account);
    for (const [key, balance] of balances) this.#balances.set(key, balance);
    // Only the accounts' sequences show that a hold is outdated. A call that names another account's hold fails.
    for (const hold of holds.values()) if (accounts.has(hold.accountId)) this.#keep(hold);
  }

  /** Remembers the list of assets. */
  learnScales(scales: ReadonlyMap<AssetCode, number>): void {
    this.#scales = scales;
  }

  /** Remembers changes that were written. */
  absorb({ accounts, balances, holds }: LedgerChanges): void {
    for (const account of accounts) this.#accounts.set(account.id, account);
    for (const balance of balances)
      this.#balances.set(balanceKey(balance.accountId, balance.asset), balance);
    for (const hold of holds) this.#keep(hold);
    if (this.#accounts.size > MAX_ACCOUNTS || this.#holds.size > MAX_HOLDS) this.forget();
  }

  /** Forgets everything, because some of it was outdated. */
  forget(): void {
    this.#accounts.clear();
    this.#balances.clear();
    this.#holds.clear();
  }

  /** Whether the remembered account differs from this one. */
  #isOutdated({ id, entrySequence, balanceSequence, ...account }: LedgerAccount): boolean {
    const known = this.#accounts.get(id);
    return (
      known !== undefined &&
      (known.entrySequence !== entrySequence ||
        known.balanceSequence !== balanceSequence ||
        known.tradingState !== account.tradingState ||
        known.isClosed !== account.isClosed)
    );
  }

  #keep(hold: Hold): void {
    if (hold.status === 'PLACED') this.#holds.set(hold.id, hold);
    else this.#holds.delete(hold.id);
  }
}
