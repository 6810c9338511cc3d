import type { AccountId, AssetCode, HoldId, OrderId } from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { type Money, moneyOfUnits, ZERO_MONEY } from '#shared/domain/money.ts';

/**
 * PLACED is the one open state. A hold ends once: SETTLED when trades used all of it, RELEASED when
 * the rest was released. VOID (released before it was placed) and REFUSED (too little was free, which
 * was recorded in the past) never held anything.
 */
export type HoldStatus = 'PLACED' | 'SETTLED' | 'RELEASED' | 'REFUSED' | 'VOID';

/** Money set aside for an order. `settled + released ≤ placed`, and equal once it has ended. */
export interface Hold {
  readonly id: HoldId;
  readonly accountId: AccountId;
  readonly orderId: OrderId;
  /** Null for a VOID hold, which was never placed. */
  readonly asset: AssetCode | null;
  readonly placed: Money;
  readonly settled: Money;
  readonly released: Money;
  readonly status: HoldStatus;
  /** Milliseconds since the epoch. */
  readonly createdAtMs: number;
}

type HoldKey = Pick<Hold, 'id' | 'accountId' | 'orderId' | 'createdAtMs'>;

/** A hold that holds `amount`. */
export function placedHold(key: HoldKey, asset: AssetCode, amount: Money): Hold {
  return { ...key, asset, placed: amount, ...NOTHING_USED, status: 'PLACED' };
}

/** The record of a release that arrived before its hold, so that the hold can never be placed. */
export function voidHold(key: HoldKey): Hold {
  return { ...key, asset: null, placed: ZERO_MONEY, ...NOTHING_USED, status: 'VOID' };
}

const NOTHING_USED = { settled: ZERO_MONEY, released: ZERO_MONEY } as const;

/** The amount that is still held; zero once the hold has ended. */
export function leftOf(hold: Hold): Money {
  if (hold.status !== 'PLACED') return ZERO_MONEY;
  return moneyOfUnits(hold.placed - hold.settled - hold.released);
}

/**
 * Takes a trade's part out of the hold, and releases what a better price saved. A hold that is used
 * up ends as SETTLED.
 * @throws Error if the hold has ended or holds less: the order subgraph and the ledger disagree
 */
export function settleHold(hold: Hold, settled: Money, released: Money): Hold {
  invariant(hold.status === 'PLACED', `hold ${hold.id} was to be settled but is ${hold.status}`);
  invariant(settled >= 0n && released >= 0n, `hold ${hold.id} was to be settled by less than zero`);
  invariant(
    settled + released <= leftOf(hold),
    `hold ${hold.id} holds less than was to be settled`,
  );
  const after: Hold = {
    ...hold,
    settled: moneyOfUnits(hold.settled + settled),
    released: moneyOfUnits(hold.released + released),
  };
  return leftOf(after) === 0n ? { ...after, status: 'SETTLED' } : after;
}

/** Increases a hold. @throws Error if it has ended */
export function growHold(hold: Hold, amount: Money): Hold {
  invariant(hold.status === 'PLACED', `hold ${hold.id} was to grow but is ${hold.status}`);
  invariant(amount >= 0n, `hold ${hold.id} was to grow by less than zero`);
  return { ...hold, placed: moneyOfUnits(hold.placed + amount) };
}

/** Releases all that is left and ends the hold. @throws Error if it has ended already */
export function releaseHold(hold: Hold): Hold {
  invariant(hold.status === 'PLACED', `hold ${hold.id} was to be released but is ${hold.status}`);
  const released = moneyOfUnits(hold.released + leftOf(hold));
  return { ...hold, released, status: 'RELEASED' };
}
