import type { AccountId, AssetCode, HoldId } from '#shared/domain/ids.ts';
import { type Money, ZERO_MONEY } from '#shared/domain/money.ts';
import type { Balance } from '../domain/balance.ts';
import type { Hold } from '../domain/hold.ts';
import { accountsOf, assetsOf, holdsOf, type LedgerCommand } from '../domain/ledger-command.ts';
import {
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

/** What is remembered of an account. */
interface KnownAccount {
  account: LedgerAccount;
  readonly balances: Map<AssetCode, Balance>;
  /** Those that have not ended. */
  readonly holds: Set<HoldId>;
}

/**
 * The part of the ledger that this process has read or written, as it last saw it. Other processes write to the
 * database, too, so it can be outdated. Every write based on it must therefore name the accounts' sequences and states,
 * which change with everything in the account. Answers are not remembered: those to users and to holds that would be
 * refused are read each time, and the database refuses any other command that was already answered.
 */
export class LedgerMemory implements LedgerView {
  readonly #known = new Map<AccountId, KnownAccount>();
  /** Holds that have not ended, of known accounts. */
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
        accountsOf(command).every((id) => this.#known.has(id)) &&
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
    return this.#known.get(id)?.account ?? null;
  }

  balance(accountId: AccountId, asset: AssetCode): Balance | null {
    return this.#known.get(accountId)?.balances.get(asset) ?? null;
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
    for (const account of accounts.values()) {
      // Another process has changed the account. Its holds that were not read now may have changed, too.
      if (this.#isOutdated(account)) this.#forget(account.id);
      this.#keepAccount(account);
    }
    for (const balance of balances.values()) this.#keepBalance(balance);
    for (const hold of holds.values()) this.#keepHold(hold);
  }

  /** Remembers the list of assets. */
  learnScales(scales: ReadonlyMap<AssetCode, number>): void {
    this.#scales = scales;
  }

  /** Remembers changes that were written. */
  absorb({ accounts, balances, holds }: LedgerChanges): void {
    for (const account of accounts) this.#keepAccount(account);
    for (const balance of balances) this.#keepBalance(balance);
    for (const hold of holds) this.#keepHold(hold);
    if (this.#known.size <= MAX_ACCOUNTS && this.#holds.size <= MAX_HOLDS) return;
    this.#known.clear();
    this.#holds.clear();
  }

  #forget(id: AccountId): void {
    for (const holdId of this.#known.get(id)?.holds ?? []) this.#holds.delete(holdId);
    this.#known.delete(id);
  }

  /** Whether the remembered account differs from this one. */
  #isOutdated({ id, entrySequence, balanceSequence, ...account }: LedgerAccount): boolean {
    const known = this.account(id);
    return (
      known !== null &&
      (known.entrySequence !== entrySequence ||
        known.balanceSequence !== balanceSequence ||
        known.tradingState !== account.tradingState ||
        known.isClosed !== account.isClosed)
    );
  }

  #keepAccount(account: LedgerAccount): void {
    const known = this.#known.get(account.id);
    if (known === undefined)
      this.#known.set(account.id, { account, balances: new Map(), holds: new Set() });
    else known.account = account;
  }

  #keepBalance(balance: Balance): void {
    this.#known.get(balance.accountId)?.balances.set(balance.asset, balance);
  }

  /** Only its account's sequences show that a hold is outdated. A call that names another account's hold fails. */
  #keepHold(hold: Hold): void {
    const known = this.#known.get(hold.accountId);
    if (known === undefined) return;
    if (hold.status === 'PLACED') {
      known.holds.add(hold.id);
      this.#holds.set(hold.id, hold);
    } else {
      known.holds.delete(hold.id);
      this.#holds.delete(hold.id);
    }
  }
}
