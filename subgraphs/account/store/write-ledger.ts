import { toTimestamp } from '#shared/domain/clock.ts';
import { Prisma } from '../__generated__/prisma/client.ts';
import type { Balance } from '../domain/balance.ts';
import type { Hold } from '../domain/hold.ts';
import type { LedgerAccount, LedgerChanges } from '../domain/ledger-draft.ts';
import type { Correction, LedgerEntry, Transfer } from '../domain/ledger-entry.ts';
import type { AnsweredCommand } from '../domain/ledger-outcome.ts';
import { jsonOfOutcome, textOfMoney } from './ledger-rows.ts';

/** The changes of a batch, and the state from which they were calculated. */
export interface LedgerWrite {
  /** Every account that was read, as it was then. */
  readonly expected: readonly LedgerAccount[];
  /** Whether a hold existed then; if not, it must be new. */
  readonly isKnownHold: (hold: Hold) => boolean;
  readonly changes: LedgerChanges;
}

/**
 * The statement that writes all changes of a batch, and so one transaction, with one set of rows for each changed
 * table. First it locks the accounts in the order of their ids and compares them with what was expected. PostgreSQL
 * runs that first because the main query selects from it; the data-modifying parts that it does not select from run
 * afterwards.
 * @throws the database's error if an account has changed since (see `isStaleLedger`), a hold or answer that should be
 *   new exists, or a CHECK fails; nothing is written then
 */
export function ledgerWriteOf({ expected, isKnownHold, changes }: LedgerWrite): Prisma.Sql {
  const parts = [
    ...comparisonOf(expected),
    ...accountRows(changes.accounts),
    ...balanceRows(changes.balances),
    ...placedHolds(changes.holds.filter((hold) => !isKnownHold(hold))),
    ...changedHolds(changes.holds.filter(isKnownHold)),
    ...transferRows(changes.transfers),
    ...entryRows(changes.entries),
    ...eventRows(changes.events),
  ];
  return Prisma.sql`
    WITH ${Prisma.join(parts)}
    INSERT INTO funds_commands (issuer, kind, id, body, outcome, created_at)
    SELECT r.* FROM checked, jsonb_to_recordset(${json(changes.answered.map(answerRow))}::jsonb)
      AS r(issuer text, kind text, id text, body jsonb, outcome jsonb, created_at timestamptz)
    WHERE checked.ok`;
}

/**
 * The statement for a batch that changes nothing: it compares the accounts as {@link ledgerWriteOf} does.
 * @throws the database's error if one of them has changed since
 */
export function ledgerComparisonOf(expected: readonly LedgerAccount[]): Prisma.Sql {
  return Prisma.sql`WITH ${Prisma.join(comparisonOf(expected))} SELECT ok FROM checked`;
}

function comparisonOf(expected: readonly LedgerAccount[]): Prisma.Sql[] {
  return [
    Prisma.sql`locked AS MATERIALIZED (${lockedAsExpected(expected)})`,
    Prisma.sql`checked AS MATERIALIZED (
      SELECT assert_ledger_is_current((SELECT count(*) FROM locked), ${expected.length}::bigint) AS ok
    )`,
  ];
}

function accountRows(accounts: LedgerChanges['accounts']): Prisma.Sql[] {
  if (accounts.length === 0) return [];
  return [
    Prisma.sql`account_rows AS (
      UPDATE accounts a
      SET entry_sequence = (new.sequences -> a.id ->> 'entry')::bigint,
        balance_sequence = (new.sequences -> a.id ->> 'balance')::bigint
      FROM checked, (SELECT ${JSON.stringify(sequencesOf(accounts))}::jsonb AS sequences) AS new
      WHERE a.id = ANY(${accounts.map(({ id }) => id)}) AND checked.ok
    )`,
  ];
}

function balanceRows(balances: LedgerChanges['balances']): Prisma.Sql[] {
  if (balances.length === 0) return [];
  return [
    Prisma.sql`balance_rows AS (
      INSERT INTO balances (account_id, asset_code, total, locked, free, overdraft_allowed,
        sequence, changed_at)
      SELECT * FROM jsonb_to_recordset(${json(balances.map(balanceRow))}::jsonb)
        AS r(account_id text, asset_code text, total numeric, locked numeric, free numeric,
          overdraft_allowed boolean, sequence bigint, changed_at timestamptz)
      ON CONFLICT (account_id, asset_code) DO UPDATE
      SET total = excluded.total, locked = excluded.locked, free = excluded.free,
        sequence = excluded.sequence, changed_at = excluded.changed_at
    )`,
  ];
}

function placedHolds(holds: readonly Hold[]): Prisma.Sql[] {
  return holds.length === 0 ? [] : [Prisma.sql`placed_holds AS (${insertHolds(holds)})`];
}

function changedHolds(holds: readonly Hold[]): Prisma.Sql[] {
  if (holds.length === 0) return [];
  return [
    Prisma.sql`changed_holds AS (
      ${insertHolds(holds)}
      ON CONFLICT (id) DO UPDATE
      SET placed = excluded.placed, settled = excluded.settled, released = excluded.released,
        status = excluded.status
    )`,
  ];
}

function insertHolds(holds: readonly Hold[]): Prisma.Sql {
  return Prisma.sql`
    INSERT INTO holds (id, account_id, order_id, asset_code, placed, settled, released, status,
      created_at)
    SELECT * FROM jsonb_to_recordset(${json(holds.map(holdRow))}::jsonb)
      AS r(id text, account_id text, order_id text, asset_code text, placed numeric,
        settled numeric, released numeric, status hold_status, created_at timestamptz)`;
}

function transferRows(transfers: LedgerChanges['transfers']): Prisma.Sql[] {
  if (transfers.length === 0) return [];
  return [
    Prisma.sql`transfer_rows AS (
      INSERT INTO transfers (id, reference, type, asset_code, amount, from_account_id,
        to_account_id, corrects_id, reason, actor, created_at)
      SELECT * FROM jsonb_to_recordset(${json(transfers.map(transferRow))}::jsonb)
        AS r(id text, reference text, type ledger_entry_type, asset_code text, amount numeric,
          from_account_id text, to_account_id text, corrects_id text, reason text, actor text,
          created_at timestamptz)
    )`,
  ];
}

function entryRows(entries: LedgerChanges['entries']): Prisma.Sql[] {
  if (entries.length === 0) return [];
  return [
    Prisma.sql`entry_rows AS (
      INSERT INTO ledger_entries (account_id, sequence, type, asset_code, change, balance_after,
        transfer_id, order_id, fill_id, created_at)
      SELECT * FROM jsonb_to_recordset(${json(entries.map(entryRow))}::jsonb)
        AS r(account_id text, sequence bigint, type ledger_entry_type, asset_code text,
          change numeric, balance_after numeric, transfer_id text, order_id text, fill_id text,
          created_at timestamptz)
    )`,
  ];
}

function eventRows(events: LedgerChanges['events']): Prisma.Sql[] {
  if (events.length === 0) return [];
  return [
    Prisma.sql`event_rows AS (
      INSERT INTO balance_events (account_id, sequence, event, created_at)
      SELECT * FROM jsonb_to_recordset(${json(events.map(eventRow))}::jsonb)
        AS r(account_id text, sequence bigint, event jsonb, created_at timestamptz)
    )`,
  ];
}

/** Locks the accounts that have not changed, by primary key and in the order of the keys. */
function lockedAsExpected(expected: readonly LedgerAccount[]): Prisma.Sql {
  return Prisma.sql`
    SELECT a.id FROM (
      SELECT * FROM jsonb_to_recordset(${json(expected.map(expectedRow))}::jsonb)
        AS r(id text, entry_sequence bigint, balance_sequence bigint, trading_state trading_state,
          is_closed boolean)
      ORDER BY r.id
    ) AS r
    CROSS JOIN LATERAL (
      SELECT a.id FROM accounts a
      WHERE a.id = r.id AND a.entry_sequence = r.entry_sequence
        AND a.balance_sequence = r.balance_sequence AND a.trading_state = r.trading_state
        AND (a.closed_at IS NOT NULL) = r.is_closed
      FOR NO KEY UPDATE
    ) AS a`;
}

function json(rows: readonly object[]): string {
  return JSON.stringify(rows);
}

function expectedRow({ id, tradingState, isClosed, ...account }: LedgerAccount) {
  return {
    id,
    entry_sequence: `${account.entrySequence}`,
    balance_sequence: `${account.balanceSequence}`,
    trading_state: tradingState,
    is_closed: isClosed,
  };
}

function sequencesOf(accounts: LedgerChanges['accounts']) {
  return Object.fromEntries(
    accounts.map(({ id, entrySequence, balanceSequence }) => [
      id,
      { entry: `${entrySequence}`, balance: `${balanceSequence}` },
    ]),
  );
}

function balanceRow(balance: Balance) {
  return {
    account_id: balance.accountId,
    asset_code: balance.asset,
    total: textOfMoney(balance.total),
    locked: textOfMoney(balance.locked),
    free: textOfMoney(balance.free),
    overdraft_allowed: balance.mayOwe,
    sequence: `${balance.sequence}`,
    changed_at: toTimestamp(balance.changedAtMs),
  };
}

function holdRow(hold: Hold) {
  return {
    id: hold.id,
    account_id: hold.accountId,
    order_id: hold.orderId,
    asset_code: hold.asset,
    placed: textOfMoney(hold.placed),
    settled: textOfMoney(hold.settled),
    released: textOfMoney(hold.released),
    status: hold.status,
    created_at: toTimestamp(hold.createdAtMs),
  };
}

function transferRow(transfer: Transfer) {
  return {
    id: transfer.id,
    reference: transfer.reference,
    type: transfer.type,
    asset_code: transfer.asset,
    amount: textOfMoney(transfer.amount),
    from_account_id: transfer.from,
    to_account_id: transfer.to,
    ...(transfer.correction === null ? {} : correctionColumns(transfer.correction)),
    created_at: toTimestamp(transfer.atMs),
  };
}

function correctionColumns({ corrects, reason, actor }: Correction) {
  return { corrects_id: corrects, reason, actor };
}

function entryRow(entry: LedgerEntry) {
  return {
    account_id: entry.accountId,
    sequence: `${entry.sequence}`,
    type: entry.type,
    asset_code: entry.asset,
    change: textOfMoney(entry.change),
    balance_after: textOfMoney(entry.balanceAfter),
    transfer_id: entry.transferId,
    order_id: entry.orderId,
    fill_id: entry.fillId,
    created_at: toTimestamp(entry.atMs),
  };
}

function eventRow(event: LedgerChanges['events'][number]) {
  const { accountId, sequence, at } = event;
  return { account_id: accountId, sequence, event, created_at: at };
}

function answerRow({ key, body, outcome, atMs }: AnsweredCommand) {
  return { ...key, body, outcome: jsonOfOutcome(outcome), created_at: toTimestamp(atMs) };
}
