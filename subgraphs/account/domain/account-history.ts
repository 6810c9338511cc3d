import { toTimestamp } from '#shared/domain/clock.ts';
import type { AccountId } from '#shared/domain/ids.ts';
import type { Period } from '#shared/domain/period.ts';
import type { Account } from './account.ts';

const HOUR_MS = 3_600_000;

/** How far the points of a history are apart, in milliseconds; they lie at its multiples since the epoch. */
export const HISTORY_INTERVAL_MS = { ONE_HOUR: HOUR_MS, ONE_DAY: 24 * HOUR_MS } as const;

/** An account at one of these instants. What it held is read only if it is asked for. */
export interface HistoryPoint {
  readonly accountId: AccountId;
  /** RFC 3339. */
  readonly at: string;
}

/** Which points are asked for. */
export interface HistoryQuery {
  readonly intervalMs: number;
  readonly period: Period;
  /** Continue after the point of this instant; null for the first page. */
  readonly afterMs: number | null;
  readonly count: number;
}

/**
 * The points of an account's history, from its creation on and before now. With a beginning of the period the oldest
 * from there, oldest first; without one the latest, newest first.
 * @returns at most `count`
 */
export function historyOf(
  { id, createdAtMs }: Pick<Account, 'id' | 'createdAtMs'>,
  query: HistoryQuery,
  nowMs: number,
): readonly HistoryPoint[] {
  return instantsOf(query, createdAtMs, nowMs).map((atMs) => ({
    accountId: id,
    at: toTimestamp(atMs),
  }));
}

/** The instants of these points, in the order of the list. @returns milliseconds since the epoch */
function instantsOf(
  { intervalMs, period: { from, to }, afterMs, count }: HistoryQuery,
  createdAtMs: number,
  nowMs: number,
): readonly number[] {
  const isAscending = from !== null;
  const next = isAscending && afterMs !== null ? afterMs + 1 : -Infinity;
  const end = isAscending || afterMs === null ? Infinity : afterMs;
  const oldest = Math.ceil(Math.max(createdAtMs, from ?? -Infinity, next) / intervalMs);
  // Not that of this very moment: more can still happen in it.
  const newest = Math.ceil(Math.min(nowMs, to ?? Infinity, end) / intervalMs) - 1;
  const length = Math.max(0, Math.min(count, newest - oldest + 1));
  return Array.from(
    { length },
    (_, step) => (isAscending ? oldest + step : newest - step) * intervalMs,
  );
}
