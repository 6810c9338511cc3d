import type { AccountId } from '#shared/domain/ids.ts';
import { Prisma } from '../__generated__/prisma/client.ts';
import type { ChangeSet } from '../domain/journal-store.ts';
import {
  type CancelTimer,
  controlKey,
  controlScopeOf,
  type TradingControl,
  type TradingState,
} from '../domain/trading-control.ts';
import { timeText } from './order-row.ts';

/** A row of `trading_controls`. */
export interface ControlRow {
  readonly scope: string;
  readonly trading_state: TradingState;
  readonly reason: string;
  readonly actor: string;
  readonly changed_at: Date;
}

/** A row of `cancel_timers`. */
export interface TimerRow {
  readonly account_id: AccountId;
  readonly fires_at: Date | null;
}

/** The switch of a row. */
export function controlOfRow(row: ControlRow): TradingControl {
  return {
    scope: controlScopeOf(row.scope),
    tradingState: row.trading_state,
    reason: row.reason,
    actor: row.actor,
    changedAt: row.changed_at.getTime(),
  };
}

/** The timer of a row. */
export function timerOfRow({ account_id, fires_at }: TimerRow): CancelTimer {
  return { accountId: account_id, firesAt: fires_at?.getTime() ?? null };
}

/** Stores the switches and timers of a turn, and every change of a switch forever. */
export function upsertSafety({ controls, cancelTimers }: ChangeSet): Prisma.Sql[] {
  return [...upsertControls(controls), ...upsertTimers(cancelTimers)];
}

function upsertControls(controls: readonly TradingControl[]): Prisma.Sql[] {
  const newest = new Map(controls.map((one) => [controlKey(one.scope), one]));
  const rows = JSON.stringify([...newest.values()].map(controlRowOf));
  const changes = JSON.stringify(controls.map(controlRowOf));
  return [
    Prisma.sql`changed_controls AS (
      INSERT INTO trading_controls
      SELECT * FROM jsonb_populate_recordset(NULL::trading_controls, ${rows}::jsonb)
      ON CONFLICT (scope) DO UPDATE SET
        trading_state = EXCLUDED.trading_state, reason = EXCLUDED.reason,
        actor = EXCLUDED.actor, changed_at = EXCLUDED.changed_at
    )`,
    Prisma.sql`logged_controls AS (
      INSERT INTO trading_control_changes (scope, trading_state, reason, actor, changed_at)
      SELECT scope, trading_state, reason, actor, changed_at
      FROM jsonb_populate_recordset(NULL::trading_controls, ${changes}::jsonb)
    )`,
  ];
}

function controlRowOf(control: TradingControl) {
  return {
    scope: controlKey(control.scope),
    trading_state: control.tradingState,
    reason: control.reason,
    actor: control.actor,
    changed_at: timeText(control.changedAt),
  };
}

function upsertTimers(timers: readonly CancelTimer[]): Prisma.Sql[] {
  const newest = new Map(timers.map((one) => [one.accountId, one]));
  const rows = JSON.stringify(
    [...newest.values()].map(({ accountId, firesAt }) => ({
      account_id: accountId,
      fires_at: firesAt === null ? null : timeText(firesAt),
    })),
  );
  return [
    Prisma.sql`changed_timers AS (
      INSERT INTO cancel_timers
      SELECT * FROM jsonb_populate_recordset(NULL::cancel_timers, ${rows}::jsonb)
      ON CONFLICT (account_id) DO UPDATE SET fires_at = EXCLUDED.fires_at
    )`,
  ];
}
