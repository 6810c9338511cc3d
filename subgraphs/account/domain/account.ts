import { type AccountId, parseAccountId, trusted } from '#shared/domain/ids.ts';

/** Whose account it is: a client's, the house's, the one for fees, or the outside world. */
export type AccountKind = 'CLIENT' | 'HOUSE' | 'FEES' | 'EXTERNAL';

/**
 * What the ledger does for an account: everything or, while the desk has frozen it or once it is closed, no new hold
 * and nothing that takes money out. REDUCING is a state of the kill switches only, and never set here.
 */
export type TradingState = 'ACTIVE' | 'REDUCING' | 'HALTED';

/** Why and since when the desk has frozen an account. */
export interface AccountFreeze {
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly sinceMs: number;
}

/** An account as its readers see it; its money is in its balances. */
export interface Account {
  readonly id: AccountId;
  readonly name: string;
  readonly kind: AccountKind;
  readonly tradingState: TradingState;
  /** Null while it is not frozen. */
  readonly freeze: AccountFreeze | null;
  /** When its owner closed it, for good, milliseconds since the epoch; null if it is open. */
  readonly closedAtMs: number | null;
  /** Milliseconds since the epoch. */
  readonly createdAtMs: number;
}

/** The accounts that every desk has once; their ids are fixed. */
export const DESK_ACCOUNTS = {
  HOUSE: trusted(parseAccountId, 'house'),
  FEES: trusted(parseAccountId, 'fees'),
  EXTERNAL: trusted(parseAccountId, 'external'),
} as const satisfies Record<Exclude<AccountKind, 'CLIENT'>, AccountId>;

/**
 * Whether an account of this kind can have a negative balance: only the house and the outside world
 * can.
 */
export function mayOwe(kind: AccountKind): boolean {
  return kind === 'HOUSE' || kind === 'EXTERNAL';
}
