import type { AccountId } from '#shared/domain/ids.ts';
import { isContentRefusal } from '#shared/store/database-failure.ts';
import type { PreparedStatements } from '#shared/store/prepared-statements.ts';
import { Prisma, type PrismaClient } from '../__generated__/prisma/client.ts';
import type { ChangeSet, JournalRecord, JournalStore } from '../domain/ports/journal-store.ts';
import { firstDayOf } from '../domain/daily-volume.ts';
import type { OrderEvent, RecordedFill } from '../domain/order-event.ts';
import type { OutboxEntry } from '../domain/ports/outbox.ts';
import { NotOwnerError } from '../domain/ports/not-owner-error.ts';
import { TurnRefusedError } from '../domain/ports/turn-refused-error.ts';
import {
  DAILY_VOLUME_COLUMNS,
  dailyVolumeOfRow,
  type DailyVolumeRow,
  dailyVolumeRowOf,
} from './daily-volume-row.ts';
import { fillRowOf } from './fill-row.ts';
import {
  LAST_PRICE_COLUMNS,
  lastPriceOfRow,
  type LastPriceRow,
  lastPriceRowOf,
} from './last-price-row.ts';
import { orderEventToJson } from './order-event-json.ts';
import { orderToJson } from './order-json.ts';
import { ORDER_COLUMNS, orderOfRow, type OrderRow, timeText } from './order-row.ts';
import {
  POSITION_COLUMNS,
  positionOfRow,
  type PositionRow,
  positionRowOf,
} from './position-row.ts';
import { preventedMatchRowOf } from './prevented-match-row.ts';
import { rfqRecordOf, rfqRecordReads, upsertRfqs } from './rfq-rows.ts';
import { insertInto, upsertInto } from './row-writes.ts';
import type { PostgresOwnerLease } from './owner-lease.ts';
import {
  controlOfRow,
  type ControlRow,
  timerOfRow,
  type TimerRow,
  upsertSafety,
} from './safety-rows.ts';

/** The journal in PostgreSQL. */
export class PostgresJournalStore implements JournalStore {
  readonly #prisma: PrismaClient;
  readonly #statements: PreparedStatements;
  readonly #lease: PostgresOwnerLease;

  constructor(prisma: PrismaClient, statements: PreparedStatements, lease: PostgresOwnerLease) {
    this.#prisma = prisma;
    this.#statements = statements;
    this.#lease = lease;
  }

  /** @throws NotOwnerError if another process owns the books, which this one must not read then */
  async load(nowMs: number): Promise<JournalRecord> {
    if (!this.#lease.isHeld) throw new NotOwnerError();
    const [orders, sequences, positions, controls, timers, volumes, lastPrices, ...rfq] =
      await this.#prisma.$transaction(
        [
          this.#prisma.$queryRaw<OrderRow[]>`
          SELECT ${ORDER_COLUMNS} FROM orders o
          WHERE o.closed_at IS NULL`,
          this.#prisma.$queryRaw<SequenceRow[]>`
          SELECT account_id, sequence, recorded_at FROM account_sequences`,
          this.#prisma.$queryRaw<PositionRow[]>`SELECT ${POSITION_COLUMNS} FROM positions p`,
          this.#prisma.$queryRaw<ControlRow[]>`
          SELECT scope, trading_state::text AS trading_state, reason, actor, changed_at
          FROM trading_controls`,
          this.#prisma.$queryRaw<TimerRow[]>`
          SELECT account_id, fires_at FROM cancel_timers WHERE fires_at IS NOT NULL`,
          this.#prisma.$queryRaw<DailyVolumeRow[]>`
          SELECT ${DAILY_VOLUME_COLUMNS} FROM daily_volumes v WHERE v.day >= ${firstDayOf(nowMs)}`,
          this.#prisma.$queryRaw<LastPriceRow[]>`SELECT ${LAST_PRICE_COLUMNS} FROM last_prices l`,
          ...rfqRecordReads(this.#prisma),
        ],
        { isolationLevel: 'RepeatableRead' },
      );
    const [rfqs, quotes, settlements, [newestRfq], comparisons] = rfq;
    return {
      orders: orders.map(orderOfRow),
      sequences: new Map(sequences.map((row) => [row.account_id, row.sequence])),
      newestAt: Math.max(newestOf(sequences), newestRfq?.created_at.getTime() ?? 0),
      positions: positions.map(positionOfRow),
      dailyVolumes: volumes.map(dailyVolumeOfRow),
      lastPrices: lastPrices.map(lastPriceOfRow),
      controls: controls.map(controlOfRow),
      cancelTimers: timers.map(timerOfRow),
      rfq: rfqRecordOf(rfqs, quotes, settlements, newestRfq?.last ?? 0, comparisons),
    };
  }

  /**
   * Stores a turn in one statement, and so in one transaction, one round trip and one wait for the disk, however many
   * orders the turn has. Each part gets its rows as one JSON document. A turn that stores nothing still answers from
   * the books, so ownership is checked for it, too.
   */
  async commit(changes: ChangeSet): Promise<readonly OutboxEntry[]> {
    const parts = partsOf(changes);
    if (parts.length === 0 && this.#lease.isSurelyHeld) return [];
    const answer = hasOutbox(changes)
      ? Prisma.sql`is_owner,
        (SELECT array_agg(position ORDER BY position) FROM inserted_outbox) AS positions`
      : Prisma.sql`is_owner`;
    try {
      const [row] = await this.#statements.run<{ readonly positions?: readonly string[] | null }>(
        Prisma.sql`WITH ${Prisma.join([this.#lease.fence(), ...parts])} SELECT ${answer} FROM fence`,
      );
      return entriesOf(changes.outbox, row?.positions ?? []);
    } catch (cause) {
      throw isContentRefusal(cause) ? new TurnRefusedError(cause) : this.#lease.explain(cause);
    }
  }
}

/** The sequence and the time of an account's last event. */
interface SequenceRow {
  readonly account_id: AccountId;
  readonly sequence: bigint;
  readonly recorded_at: Date;
}

function newestOf(rows: readonly SequenceRow[]): number {
  return rows.reduce((newest, { recorded_at: at }) => Math.max(newest, at.getTime()), 0);
}

/**
 * What belongs together is written together, even if a part of it is empty: each set of parts is a statement of its own
 * that every connection keeps prepared, with a fifth of a megabyte of plans.
 * @throws TurnRefusedError if a value does not fit a row; nothing is written then
 */
function partsOf(changes: ChangeSet): readonly Prisma.Sql[] {
  const { inserted, updated, events, preventedMatches } = changes;
  const fills = events.flatMap(({ fill }) => fill ?? []);
  const isTraded = [fills, changes.positions, changes.dailyVolumes, changes.lastPrices].some(isAny);
  try {
    return [
      ...(isAny(inserted) ? [insertOrders(inserted.map(orderToJson))] : []),
      ...(isAny(updated) ? [updateOrders(updated.map(orderToJson))] : []),
      ...(isAny(events) ? insertEvents(events) : []),
      ...(isTraded ? insertTrades(fills, changes) : []),
      ...(isAny(preventedMatches)
        ? [insertPreventedMatches(preventedMatches.map(preventedMatchRowOf))]
        : []),
      ...([changes.controls, changes.cancelTimers].some(isAny) ? upsertSafety(changes) : []),
      ...(hasOutbox(changes) ? changeOutbox(changes) : []),
      ...(Object.values(changes.rfq).some(isAny) ? upsertRfqs(changes.rfq) : []),
    ];
  } catch (cause) {
    throw new TurnRefusedError(cause);
  }
}

function hasOutbox({ outbox, applied }: ChangeSet): boolean {
  return isAny(outbox) || isAny(applied);
}

function isAny(rows: readonly unknown[]): boolean {
  return rows.length > 0;
}

/** @param positions in the same order, as `pg` reads a bigint */
function entriesOf(
  outbox: ChangeSet['outbox'],
  positions: readonly string[],
): readonly OutboxEntry[] {
  return outbox.map((command, index) => ({ position: BigInt(positions[index] ?? ''), command }));
}

const insertOrders = insertInto(Prisma.sql`orders`);

const updateOrders = upsertInto(
  Prisma.sql`orders`,
  Prisma.sql`id`,
  Prisma.sql`status = EXCLUDED.status, filled_quantity = EXCLUDED.filled_quantity,
    fees = EXCLUDED.fees, filled_notional = EXCLUDED.filled_notional,
    hold_remaining = EXCLUDED.hold_remaining, violations = EXCLUDED.violations,
    cancel_reason = EXCLUDED.cancel_reason, expire_reason = EXCLUDED.expire_reason,
    priority = EXCLUDED.priority, accepted_at = EXCLUDED.accepted_at,
    updated_at = EXCLUDED.updated_at, closed_at = EXCLUDED.closed_at,
    trigger = EXCLUDED.trigger, worst_price = EXCLUDED.worst_price, amends = EXCLUDED.amends,
    link = EXCLUDED.link, quantity = EXCLUDED.quantity, limit_price = EXCLUDED.limit_price,
    expire_at = EXCLUDED.expire_at, hold_placed = EXCLUDED.hold_placed,
    prevented_quantity = EXCLUDED.prevented_quantity,
    prevented_notional = EXCLUDED.prevented_notional,
    shown_quantity = EXCLUDED.shown_quantity, reject_reason = EXCLUDED.reject_reason,
    pending_amend = EXCLUDED.pending_amend, is_arriving = EXCLUDED.is_arriving,
    touch_price = EXCLUDED.touch_price, instructions = EXCLUDED.instructions,
    placed_by = EXCLUDED.placed_by`,
);

const insertOrderEvents = insertInto(
  Prisma.sql`order_events`,
  Prisma.sql`RETURNING account_id, sequence, at`,
);

const insertFills = insertInto(Prisma.sql`fills`);

const insertPreventedMatches = insertInto(Prisma.sql`prevented_matches`);

const upsertPositions = upsertInto(
  Prisma.sql`positions`,
  Prisma.sql`account_id, symbol`,
  Prisma.sql`net_quantity = EXCLUDED.net_quantity, entry_cost = EXCLUDED.entry_cost,
    realized_pnl = EXCLUDED.realized_pnl, fees = EXCLUDED.fees,
    updated_at = EXCLUDED.updated_at`,
);

const upsertDailyVolumes = upsertInto(
  Prisma.sql`daily_volumes`,
  Prisma.sql`account_id, asset_code, day`,
  Prisma.sql`volume = EXCLUDED.volume`,
);

const upsertLastPrices = upsertInto(
  Prisma.sql`last_prices`,
  Prisma.sql`symbol`,
  Prisma.sql`price = EXCLUDED.price`,
);

/** What trades change besides their orders. */
function insertTrades(
  fills: readonly RecordedFill[],
  { positions, dailyVolumes, lastPrices }: ChangeSet,
): readonly Prisma.Sql[] {
  return [
    insertFills(fills.map(fillRowOf)),
    upsertPositions(positions.map(positionRowOf)),
    upsertDailyVolumes(dailyVolumes.map(dailyVolumeRowOf)),
    upsertLastPrices(lastPrices.map(lastPriceRowOf)),
  ];
}

function insertEvents(events: readonly OrderEvent[]): Prisma.Sql[] {
  const rows = events.map((event) => ({
    account_id: event.order.accountId,
    sequence: event.sequence.toString(),
    event: orderEventToJson(event),
    at: timeText(event.at),
  }));
  return [
    insertOrderEvents(rows),
    Prisma.sql`advanced_sequences AS (
      INSERT INTO account_sequences (account_id, sequence, recorded_at)
      SELECT account_id, max(sequence), max(at) FROM inserted_order_events GROUP BY account_id
      ON CONFLICT (account_id) DO UPDATE
      SET sequence = EXCLUDED.sequence, recorded_at = EXCLUDED.recorded_at
    )`,
  ];
}

function changeOutbox({ outbox, applied }: ChangeSet): readonly Prisma.Sql[] {
  const rows = outbox.flatMap((command) =>
    Object.entries(command).map(([kind, payload]) => ({ kind, payload: payload as unknown })),
  );
  return [
    Prisma.sql`inserted_outbox AS (
      INSERT INTO outbox (kind, payload)
      SELECT entry ->> 'kind', entry -> 'payload'
      FROM jsonb_array_elements(${JSON.stringify(rows)}::jsonb) WITH ORDINALITY AS entries(entry, place)
      ORDER BY place
      RETURNING position
    )`,
    Prisma.sql`sent_outbox AS (
      UPDATE outbox SET sent_at = now() WHERE position = ANY(${applied}::bigint[])
    )`,
  ];
}
