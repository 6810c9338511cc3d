import type { AccountId, AssetCode } from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { type Money, moneyOfUnits, ZERO_MONEY } from '#shared/domain/money.ts';

/** An account's balance in one asset. `total = locked + free` by construction. */
export interface Balance {
  readonly accountId: AccountId;
  readonly asset: AssetCode;
  readonly total: Money;
  /** Held for open orders; never negative. */
  readonly locked: Money;
  /** Available now; negative only for an account that can owe. */
  readonly free: Money;
  readonly mayOwe: boolean;
  /** The account's balance sequence at the last change; 0 before the first. */
  readonly sequence: bigint;
  /** When it last changed, milliseconds since the epoch. */
  readonly changedAtMs: number;
}

/** The balance of an asset that the account has never held. */
export function emptyBalance(accountId: AccountId, asset: AssetCode, mayOwe: boolean): Balance {
  return {
    accountId,
    asset,
    total: ZERO_MONEY,
    locked: ZERO_MONEY,
    free: ZERO_MONEY,
    mayOwe,
    sequence: 0n,
    changedAtMs: 0,
  };
}

/** Whether this much can be taken from what is free. */
export function covers(balance: Balance, amount: Money): boolean {
  return balance.mayOwe || balance.free >= amount;
}

/**
 * The balance after its parts changed by these signed amounts.
 * @throws Error if a part would fall below its minimum: ask {@link covers} first
 */
export function changeBalance(
  balance: Balance,
  change: { readonly locked?: bigint; readonly free?: bigint },
): Balance {
  const locked = moneyOfUnits(balance.locked + (change.locked ?? 0n));
  const free = moneyOfUnits(balance.free + (change.free ?? 0n));
  const name = `${balance.asset} of account ${balance.accountId}`;
  invariant(locked >= 0n, `the locked ${name} would fall below zero`);
  invariant(balance.mayOwe || free >= 0n, `the free ${name} would fall below zero`);
  return { ...balance, locked, free, total: moneyOfUnits(locked + free) };
}
