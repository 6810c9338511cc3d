import { formatUnits, parseUnits } from '#shared/domain/decimal.ts';
import {
  parseAccountId,
  parseAssetCode,
  parseHoldId,
  parseOrderId,
  trusted,
} from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { type Money, moneyOfUnits } from '#shared/domain/money.ts';
import type { AccountKind, TradingState } from '../domain/account.ts';
import type { Balance } from '../domain/balance.ts';
import type { Hold, HoldStatus } from '../domain/hold.ts';
import type { LedgerAccount } from '../domain/ledger-draft.ts';
import type { StoredOutcome } from '../domain/ledger-outcome.ts';

/** Reads a `NUMERIC` that was cast to text. */
export function moneyOfText(text: string): Money {
  const units = parseUnits(text);
  invariant(units !== null, `a stored amount is malformed: ${text}`);
  return moneyOfUnits(units);
}

/** Writes an amount for a `NUMERIC` column. */
export function textOfMoney(amount: Money): string {
  return formatUnits(amount);
}

/** A row of `accounts`, with the columns that the ledger uses. */
export interface LedgerAccountRow {
  readonly id: string;
  readonly kind: AccountKind;
  readonly trading_state: TradingState;
  readonly is_closed: boolean;
  readonly entry_sequence: bigint;
  readonly balance_sequence: bigint;
}

/** See {@link LedgerAccountRow}. */
export function ledgerAccountOf(row: LedgerAccountRow): LedgerAccount {
  return {
    id: trusted(parseAccountId, row.id),
    kind: row.kind,
    tradingState: row.trading_state,
    isClosed: row.is_closed,
    entrySequence: row.entry_sequence,
    balanceSequence: row.balance_sequence,
  };
}

/** A row of `balances`, amounts cast to text. */
export interface BalanceRow {
  readonly account_id: string;
  readonly asset_code: string;
  readonly locked: string;
  readonly free: string;
  readonly total: string;
  readonly overdraft_allowed: boolean;
  readonly sequence: bigint;
  readonly changed_at: Date;
}

/** See {@link BalanceRow}. */
export function balanceOf(row: BalanceRow): Balance {
  return {
    accountId: trusted(parseAccountId, row.account_id),
    asset: trusted(parseAssetCode, row.asset_code),
    total: moneyOfText(row.total),
    locked: moneyOfText(row.locked),
    free: moneyOfText(row.free),
    mayOwe: row.overdraft_allowed,
    sequence: row.sequence,
    changedAtMs: row.changed_at.getTime(),
  };
}

/** A row of `holds`, amounts cast to text. */
export interface HoldRow {
  readonly id: string;
  readonly account_id: string;
  readonly order_id: string;
  readonly asset_code: string | null;
  readonly placed: string;
  readonly settled: string;
  readonly released: string;
  readonly status: HoldStatus;
  readonly created_at: Date;
}

/** See {@link HoldRow}. */
export function holdOf(row: HoldRow): Hold {
  return {
    id: trusted(parseHoldId, row.id),
    accountId: trusted(parseAccountId, row.account_id),
    orderId: trusted(parseOrderId, row.order_id),
    asset: row.asset_code === null ? null : trusted(parseAssetCode, row.asset_code),
    placed: moneyOfText(row.placed),
    settled: moneyOfText(row.settled),
    released: moneyOfText(row.released),
    status: row.status,
    createdAtMs: row.created_at.getTime(),
  };
}

/** An outcome as JSON: amounts become text. */
export type OutcomeJson =
  | Exclude<StoredOutcome, { free: Money | null }>
  | (Omit<Extract<StoredOutcome, { free: Money | null }>, 'free'> & { free: string | null });

/** Writes an outcome for its JSON column. */
export function jsonOfOutcome(outcome: StoredOutcome): OutcomeJson {
  if (!('free' in outcome)) return outcome;
  return { ...outcome, free: outcome.free === null ? null : textOfMoney(outcome.free) };
}

/** Reads back what {@link jsonOfOutcome} wrote. */
export function outcomeOfJson(json: OutcomeJson): StoredOutcome {
  if (!('free' in json)) return json;
  const free = json.free === null ? null : moneyOfText(json.free);
  return { ...json, free } as StoredOutcome;
}
