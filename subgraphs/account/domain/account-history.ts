import { toTimestamp } from '#shared/domain/clock.ts';
import type { AccountId } from '#shared/domain/ids.ts';
import type { Period } from '#shared/domain/period.ts';
import type { PastBalancesKey } from './account-reads.ts';
import type { Account } from './account.ts';
import type { BalanceText } from './balance-event.ts';

const HOUR_MS = 3_600_000;

/** How far the points of a history are apart, in milliseconds; they lie at its multiples since the epoch. */
export const HISTORY_INTERVAL_MS = { ONE_HOUR: HOUR_MS, ONE_DAY: 24 * HOUR_MS } as const;

/** What an account held at one of these instants. */
export interface HistoryPoint {
  readonly accountId: AccountId;
  /** RFC 3339. */
  readonly at: string;
  /** By asset code. */
  readonly balances: readonly BalanceText[];
}

/** Which points are asked for. */
export interface HistoryQuery {
  readonly intervalMs: number;
  readonly period: Period;
  /** Continue after the point of this instant; null for the first page. */
  readonly afterMs: number | null;
  readonly count: number;
}

/** Answers what an account had at an instant; calls made together become one statement. */
export type LoadPastBalances = (key: PastBalancesKey) => Promise<readonly BalanceText[]>;

/**
 * The points of an account's history, from its creation to now. With a beginning of the period the oldest from there,
 * oldest first; without one the latest, newest first.
 * @returns at most `count`
 */
export function readHistory(
  { id, createdAtMs }: Pick<Account, 'id' | 'createdAtMs'>,
  query: HistoryQuery,
  nowMs: number,
  load: LoadPastBalances,
): Promise<readonly HistoryPoint[]> {
  return Promise.all(
    historyInstants(query, createdAtMs, nowMs).map((atMs) => historyPointAt(id, atMs, load)),
  );
}

/** One point of it. */
export async function historyPointAt(
  accountId: AccountId,
  atMs: number,
  load: LoadPastBalances,
): Promise<HistoryPoint> {
  return { accountId, at: toTimestamp(atMs), balances: await load({ accountId, atMs }) };
}

/** The instants of these points, in the order of the list. @returns milliseconds since the epoch */
export function historyInstants(
  { intervalMs, period: { from, to }, afterMs, count }: HistoryQuery,
  createdAtMs: number,
  nowMs: number,
): readonly number[] {
  const isAscending = from !== null;
  const next = isAscending && afterMs !== null ? afterMs + 1 : -Infinity;
  const end = isAscending || afterMs === null ? Infinity : afterMs;
  const oldest = Math.ceil(Math.max(createdAtMs, from ?? -Infinity, next) / intervalMs);
  const newest = Math.ceil(Math.min(nowMs + 1, to ?? Infinity, end) / intervalMs) - 1;
  const length = Math.max(0, Math.min(count, newest - oldest + 1));
  return Array.from(
    { length },
    (_, step) => (isAscending ? oldest + step : newest - step) * intervalMs,
  );
}
