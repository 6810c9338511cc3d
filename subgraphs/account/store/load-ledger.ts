import {
  type AccountId,
  type AssetCode,
  type HoldId,
  parseAssetCode,
  trusted,
} from '#shared/domain/ids.ts';
import { type Money, ZERO_MONEY } from '#shared/domain/money.ts';
import { Prisma } from '../__generated__/prisma/client.ts';
import type { Balance } from '../domain/balance.ts';
import type { Hold } from '../domain/hold.ts';
import {
  accountsOf,
  type CommandBody,
  holdsOf,
  type LedgerCommand,
} from '../domain/ledger-command.ts';
import {
  balanceKey,
  keyText,
  type LedgerAccount,
  type LedgerView,
} from '../domain/ledger-draft.ts';
import { type AnsweredCommand, type CommandKey, commandKey } from '../domain/ledger-outcome.ts';
import type { LedgerCall } from '../domain/run-batch.ts';
import type { Statements } from './account-client.ts';
import {
  type BalanceRow,
  balanceOf,
  holdOf,
  type HoldRow,
  ledgerAccountOf,
  type LedgerAccountRow,
  moneyOfText,
  type OutcomeJson,
  outcomeOfJson,
} from './ledger-rows.ts';

/** The part of the ledger that was read for a batch of calls. */
export interface LedgerRows {
  readonly accounts: ReadonlyMap<AccountId, LedgerAccount>;
  /** Every balance of these accounts, by {@link balanceKey}. */
  readonly balances: ReadonlyMap<string, Balance>;
  readonly holds: ReadonlyMap<HoldId, Hold>;
  readonly scales: ReadonlyMap<AssetCode, number>;
  /** By {@link keyText}. */
  readonly answers: ReadonlyMap<string, AnsweredCommand>;
  /** How much of each transfer has already been corrected; transfers without a correction are absent. */
  readonly corrected: ReadonlyMap<string, Money>;
}

/** The rows as the view that commands read. */
export function viewOf(rows: LedgerRows): LedgerView {
  const { accounts, balances, holds, scales, answers, corrected } = rows;
  return {
    account: (id) => accounts.get(id) ?? null,
    balance: (id, asset) => balances.get(balanceKey(id, asset)) ?? null,
    hold: (id) => holds.get(id) ?? null,
    assetScale: (asset) => scales.get(asset) ?? null,
    answered: (key) => answers.get(keyText(key)) ?? null,
    correctedOf: (transferId) => corrected.get(transferId) ?? ZERO_MONEY,
  };
}

/**
 * Locks the accounts that the calls touch, in the order of their ids, and reads everything that the calls can need. An
 * account's balances, holds and answers change only under its lock, so they need no locks of their own. Each statement
 * sees everything committed before it, so the reads after the lock are current.
 */
export async function loadLedger(
  statements: Statements,
  calls: readonly LedgerCall[],
): Promise<LedgerRows> {
  const commands = calls.flatMap((call) => call.commands);
  const accountIds = [...new Set(commands.flatMap(accountsOf))].sort();
  const accounts = await lockAccounts(statements, accountIds);
  const scales = await readScales(statements);
  const balances = await readBalances(statements, accountIds, [...scales.keys()]);
  const holds = await readHolds(statements, commands);
  const answers = await readAnswers((sql) => statements.$queryRaw<AnswerRow[]>(sql), calls);
  const corrected = await readCorrected(statements, commands);
  return { accounts, balances, holds, scales, answers, corrected };
}

async function readCorrected(statements: Statements, commands: readonly LedgerCommand[]) {
  const ids = commands.flatMap((command) =>
    command.kind === 'correct' ? [command.corrects.id] : [],
  );
  if (ids.length === 0) return new Map<string, Money>();
  const rows = await statements.$queryRaw<{ corrects_id: string; amount: string }[]>`
    SELECT corrects_id, sum(amount)::text AS amount FROM transfers
    WHERE corrects_id = ANY(${ids}) GROUP BY corrects_id`;
  return new Map(rows.map((row) => [row.corrects_id, moneyOfText(row.amount)]));
}

async function lockAccounts(statements: Statements, ids: readonly AccountId[]) {
  const rows = await statements.$queryRaw<LedgerAccountRow[]>`
    SELECT id, kind, trading_state, closed_at IS NOT NULL AS is_closed, entry_sequence,
      balance_sequence
    FROM accounts WHERE id = ANY(${ids}) ORDER BY id FOR NO KEY UPDATE`;
  return new Map(rows.map(ledgerAccountOf).map((account) => [account.id, account]));
}

/** Every asset and its scale. */
export async function readScales(
  statements: Pick<Statements, '$queryRaw'>,
): Promise<ReadonlyMap<AssetCode, number>> {
  const rows = await statements.$queryRaw<{ code: string; scale: number }[]>`
    SELECT code, scale FROM assets`;
  return new Map(rows.map(({ code, scale }) => [trusted(parseAssetCode, code), scale]));
}

async function readBalances(
  statements: Statements,
  accountIds: readonly AccountId[],
  assets: readonly AssetCode[],
) {
  const rows = await statements.$queryRaw<BalanceRow[]>`
    SELECT account_id, asset_code, total::text, locked::text, free::text,
      overdraft_allowed, sequence, changed_at
    FROM balances WHERE account_id = ANY(${accountIds}) AND asset_code = ANY(${assets})`;
  const balances = rows.map(balanceOf);
  return new Map(
    balances.map((balance) => [balanceKey(balance.accountId, balance.asset), balance]),
  );
}

async function readHolds(statements: Statements, commands: readonly LedgerCommand[]) {
  const ids = [...new Set(commands.flatMap(holdsOf))];
  if (ids.length === 0) return new Map<HoldId, Hold>();
  const rows = await statements.$queryRaw<HoldRow[]>`
    SELECT id, account_id, order_id, asset_code, placed::text, settled::text, released::text,
      status, created_at
    FROM holds WHERE id = ANY(${ids})`;
  return new Map(rows.map(holdOf).map((hold) => [hold.id, hold]));
}

/** A row of `funds_commands`. */
export interface AnswerRow {
  readonly issuer: string;
  readonly kind: CommandKey['kind'];
  readonly id: string;
  readonly body: CommandBody;
  readonly outcome: OutcomeJson;
  readonly created_at: Date;
}

/** The answers to those commands that were answered before, by {@link keyText}. */
export async function readAnswers(
  read: (sql: Prisma.Sql) => Promise<readonly AnswerRow[]>,
  calls: readonly LedgerCall[],
): Promise<ReadonlyMap<string, AnsweredCommand>> {
  const keys = calls.flatMap(({ issuer, commands }) =>
    commands.map((command) => commandKey(issuer, command)),
  );
  if (keys.length === 0) return new Map();
  const rows = await read(Prisma.sql`
    SELECT answered.*
    FROM jsonb_to_recordset(${JSON.stringify(keys)}::jsonb) AS k(issuer text, kind text, id text)
    CROSS JOIN LATERAL (
      SELECT c.issuer, c.kind, c.id, c.body, c.outcome, c.created_at
      FROM funds_commands c WHERE c.issuer = k.issuer AND c.kind = k.kind AND c.id = k.id
      LIMIT 1
    ) AS answered`);
  const answers = rows.map(({ issuer, kind, id, body, outcome, created_at }): AnsweredCommand => ({
    key: { issuer, kind, id },
    body,
    outcome: outcomeOfJson(outcome),
    atMs: created_at.getTime(),
  }));
  return new Map(answers.map((answered) => [keyText(answered.key), answered]));
}
