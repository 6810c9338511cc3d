import { toTimestamp } from '#shared/domain/clock.ts';
import { stepOfScale } from '#shared/domain/decimal.ts';
import type { AccountId, AssetCode, FillId, HoldId, OrderId } from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { type Money, moneyOfUnits, ZERO_MONEY } from '#shared/domain/money.ts';
import { mayOwe } from './account.ts';
import { type BalanceCause, balanceText } from './balance-event.ts';
import { type Balance, changeBalance, emptyBalance } from './balance.ts';
import { growHold, type Hold, leftOf, settleHold } from './hold.ts';
import { type LedgerAccount, LedgerDraft, type LedgerView } from './ledger-draft.ts';
import type { Correction, LedgerEntryType } from './ledger-entry.ts';

/** One side of a movement: an account, what pays for it there, and the ids that identify it. */
export interface PostingSide {
  readonly accountId: AccountId;
  /** The hold that pays; null if it is paid from what is free. Incoming money is always free. */
  readonly holdId: HoldId | null;
  readonly orderId: OrderId | null;
  readonly fillId: FillId | null;
}

/** A movement of one asset from one side to the other. */
export interface Movement {
  readonly id: string;
  readonly reference: string;
  readonly type: LedgerEntryType;
  readonly asset: AssetCode;
  readonly amount: Money;
  readonly from: PostingSide;
  readonly to: PostingSide;
  /** See {@link Transfer.correction}; nothing if omitted. */
  readonly correction?: Correction;
}

/**
 * The work of one command on the ledger: holds, movements, and at the end one balance event for
 * each account it touched. It writes into its own draft; a command that throws leaves nothing
 * behind.
 */
export class Posting {
  readonly draft: LedgerDraft;
  readonly #atMs: number;
  readonly #touched = new Map<AccountId, Set<AssetCode>>();
  /** The sum of all changes per asset; zero at the end. */
  readonly #sums = new Map<AssetCode, bigint>();

  constructor(view: LedgerView, atMs: number) {
    this.draft = new LedgerDraft(view);
    this.#atMs = atMs;
  }

  /** The account's balance; an empty one if it never held the asset. */
  balance(accountId: AccountId, asset: AssetCode): Balance {
    const known = this.draft.balance(accountId, asset);
    return known ?? emptyBalance(accountId, asset, mayOwe(this.#account(accountId).kind));
  }

  /** Records a new hold and locks its amount. */
  place(hold: Hold): void {
    const amount = leftOf(hold);
    this.draft.putHold(hold);
    if (hold.asset === null || amount === 0n) return;
    this.#change(hold.accountId, hold.asset, { locked: amount, free: -amount });
  }

  /** Locks more for a hold that stays active. */
  grow(hold: Hold, amount: Money): void {
    invariant(hold.asset !== null, `hold ${hold.id} holds no asset`);
    this.draft.putHold(growHold(hold, amount));
    this.#change(hold.accountId, hold.asset, { locked: amount, free: -amount });
  }

  /** Records a hold's end and frees what was left of it. */
  release(before: Hold, after: Hold): void {
    const amount = leftOf(before);
    this.draft.putHold(after);
    if (before.asset !== null)
      this.#change(before.accountId, before.asset, { locked: -amount, free: amount });
  }

  /** Frees a part of a hold: what a better price saved, or a smaller order no longer needs. */
  releasePart(
    { holdId, accountId }: Pick<PostingSide, 'holdId' | 'accountId'>,
    amount: Money,
  ): void {
    if (amount === 0n) return;
    invariant(holdId !== null, `account ${accountId} was to release money without a hold`);
    const hold = this.#hold(holdId, accountId);
    this.draft.putHold(settleHold(hold, ZERO_MONEY, amount));
    invariant(hold.asset !== null, `hold ${holdId} holds no asset`);
    this.#change(accountId, hold.asset, { locked: -amount, free: amount });
  }

  /** Moves money; nothing if the amount is zero. */
  move(movement: Movement): void {
    const { id, reference, type, asset, amount, from, to, correction = null } = movement;
    if (amount === 0n) return;
    this.checkAmount(asset, amount);
    if (from.holdId === null) this.#change(from.accountId, asset, { free: -amount });
    else this.#pay(from.holdId, from.accountId, asset, amount);
    this.#addEntry(movement, from, moneyOfUnits(-amount));
    this.#change(to.accountId, asset, { free: amount });
    this.#addEntry(movement, to, amount);
    const accounts = { from: from.accountId, to: to.accountId };
    const what = { id, reference, type, asset, amount, correction };
    this.draft.addTransfer({ ...what, ...accounts, atMs: this.#atMs });
  }

  /**
   * @throws Error for an unknown asset, or an amount that is not positive or finer than its scale
   */
  checkAmount(asset: AssetCode, amount: Money): void {
    const scale = this.draft.assetScale(asset);
    invariant(scale !== null, `there is no asset ${asset}`);
    invariant(amount > 0n, `an amount of ${asset} was not positive`);
    invariant(amount % stepOfScale(scale) === 0n, `an amount of ${asset} is finer than its scale`);
  }

  /**
   * Closes the command: one event for each account it touched, with every balance it may have
   * changed.
   * @throws Error if money was made or lost
   */
  finish(causeOf: (accountId: AccountId) => BalanceCause): LedgerDraft {
    for (const [asset, sum] of this.#sums)
      invariant(sum === 0n, `the postings of ${asset} do not sum to zero`);
    for (const [accountId, assets] of this.#touched)
      this.#addEvent(accountId, [...assets], causeOf(accountId));
    return this.draft;
  }

  #pay(holdId: HoldId, accountId: AccountId, asset: AssetCode, amount: Money): void {
    const hold = this.#hold(holdId, accountId);
    invariant(hold.asset === asset, `hold ${holdId} holds no ${asset}`);
    this.draft.putHold(settleHold(hold, amount, ZERO_MONEY));
    this.#change(accountId, asset, { locked: -amount });
  }

  #hold(holdId: HoldId, accountId: AccountId): Hold {
    const hold = this.draft.hold(holdId);
    invariant(hold !== null, `there is no hold ${holdId}`);
    invariant(hold.accountId === accountId, `hold ${holdId} is not of account ${accountId}`);
    return hold;
  }

  #account(accountId: AccountId): LedgerAccount {
    const account = this.draft.account(accountId);
    invariant(account !== null, `there is no account ${accountId}`);
    return account;
  }

  #change(
    accountId: AccountId,
    asset: AssetCode,
    change: { readonly locked?: bigint; readonly free?: bigint },
  ): void {
    invariant(!this.#account(accountId).isClosed, `account ${accountId} is closed`);
    const before = this.balance(accountId, asset);
    const after = changeBalance(before, change);
    this.draft.putBalance(after);
    this.#sums.set(asset, (this.#sums.get(asset) ?? 0n) + after.total - before.total);
    const assets = this.#touched.get(accountId) ?? new Set<AssetCode>();
    this.#touched.set(accountId, assets.add(asset));
  }

  #addEntry(movement: Movement, side: PostingSide, change: Money): void {
    const { accountId, orderId, fillId } = side;
    const { id: transferId, type, asset } = movement;
    const account = this.#account(accountId);
    const sequence = account.entrySequence + 1n;
    const balanceAfter = this.balance(accountId, asset).total;
    const ids = { transferId, orderId, fillId };
    const atMs = this.#atMs;
    this.draft.putAccount({ ...account, entrySequence: sequence });
    this.draft.addEntry({ accountId, sequence, type, asset, change, balanceAfter, ...ids, atMs });
  }

  #addEvent(accountId: AccountId, assets: readonly AssetCode[], cause: BalanceCause): void {
    const account = this.#account(accountId);
    const sequence = account.balanceSequence + 1n;
    this.draft.putAccount({ ...account, balanceSequence: sequence });
    const balances = [...assets].sort().map((asset) => {
      const balance = { ...this.balance(accountId, asset), sequence, changedAtMs: this.#atMs };
      this.draft.putBalance(balance);
      return balanceText(balance, this.draft.assetScale(asset) ?? 0);
    });
    const at = toTimestamp(this.#atMs);
    this.draft.addEvent({ accountId, sequence: `${sequence}`, balances, cause, at });
  }
}
