import type { AccountId } from '#shared/domain/ids.ts';
import { Prisma } from '../__generated__/prisma/client.ts';
import type { ChangeSet } from '../domain/ports/journal-store.ts';
import {
  type CancelTimer,
  controlKey,
  controlScopeOf,
  type TradingControl,
  type TradingState,
} from '../domain/trading-control.ts';
import { timeText } from './order-row.ts';
import { upsertInto } from './row-writes.ts';

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

const upsertControls = upsertInto(
  Prisma.sql`trading_controls`,
  Prisma.sql`scope`,
  Prisma.sql`trading_state = EXCLUDED.trading_state, reason = EXCLUDED.reason, actor = EXCLUDED.actor,
    changed_at = EXCLUDED.changed_at`,
);

const upsertTimers = upsertInto(
  Prisma.sql`cancel_timers`,
  Prisma.sql`account_id`,
  Prisma.sql`fires_at = EXCLUDED.fires_at`,
);

/** Stores the switches and timers of a turn, and every change of a switch forever. */
export function upsertSafety({ controls, cancelTimers }: ChangeSet): Prisma.Sql[] {
  const newestControls = new Map(controls.map((one) => [controlKey(one.scope), one]));
  const newestTimers = new Map(cancelTimers.map((one) => [one.accountId, one]));
  const changes = JSON.stringify(controls.map(controlRowOf));
  return [
    upsertControls([...newestControls.values()].map(controlRowOf)),
    Prisma.sql`logged_controls AS (
      INSERT INTO trading_control_changes (scope, trading_state, reason, actor, changed_at)
      SELECT scope, trading_state, reason, actor, changed_at
      FROM jsonb_populate_recordset(NULL::trading_controls, ${changes}::jsonb)
    )`,
    upsertTimers([...newestTimers.values()].map(timerRowOf)),
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

function timerRowOf({ accountId, firesAt }: CancelTimer) {
  return { account_id: accountId, fires_at: firesAt === null ? null : timeText(firesAt) };
}
