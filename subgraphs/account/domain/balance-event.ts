import { toTimestamp } from '#shared/domain/clock.ts';
import type { AccountId, AssetCode } from '#shared/domain/ids.ts';
import { formatMoney } from '#shared/domain/money.ts';
import type { Balance } from './balance.ts';

/** What changed a balance. */
export type BalanceCauseType =
  | 'HOLD_PLACED'
  | 'HOLD_RELEASED'
  | 'TRADE_SETTLED'
  | 'DEPOSIT'
  | 'WITHDRAWAL'
  | 'TRANSFER'
  | 'CORRECTION';

/** What changed a balance, and the ids that identify it. */
export interface BalanceCause {
  readonly type: BalanceCauseType;
  readonly orderId: string | null;
  readonly tradeId: string | null;
  readonly transferId: string | null;
}

/** A balance as text: amounts are plain decimals at the asset's scale, times RFC 3339. */
export interface BalanceText {
  readonly asset: AssetCode;
  readonly total: string;
  readonly locked: string;
  readonly free: string;
  readonly sequence: string;
  readonly asOf: string;
}

/** One event of an account's balance stream: plain JSON, stored and streamed as it is. */
export interface BalanceEvent {
  readonly accountId: AccountId;
  /** Dense per account, a decimal string. */
  readonly sequence: string;
  /** Every balance that the cause may have changed, with its new value. */
  readonly balances: readonly BalanceText[];
  readonly cause: BalanceCause;
  readonly at: string;
}

/** Writes a balance as text. @param scale the asset's digits after the point */
export function balanceText(balance: Balance, scale: number): BalanceText {
  return {
    asset: balance.asset,
    total: formatMoney(balance.total, scale),
    locked: formatMoney(balance.locked, scale),
    free: formatMoney(balance.free, scale),
    sequence: `${balance.sequence}`,
    asOf: toTimestamp(balance.changedAtMs),
  };
}
