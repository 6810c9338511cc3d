import type { Period } from '#shared/domain/period.ts';
import { Prisma } from '../__generated__/prisma/client.ts';

/** The most that a sequence can be. */
const ABOVE_ALL = 9_223_372_036_854_775_807n;

/**
 * A list in the order of its rows' sequences, in which no row is older than the one before it: no owner of the books records
 * anything before what was recorded last, whatever its clock says.
 */
export interface TimedList {
  readonly table: Prisma.Sql;
  readonly sequence: Prisma.Sql;
  readonly time: Prisma.Sql;
}

/**
 * The rows of a period, by the sequences at which it begins and ends: so a page of it costs no more
 * than one of the newest rows, wherever it lies.
 * @param accountId whose list it is
 */
export function within(
  list: TimedList,
  accountId: Prisma.Sql,
  { from, to }: Period,
): readonly Prisma.Sql[] {
  const firstSince = (atMs: number) => firstOf(list, accountId, atMs);
  return [
    ...(from === null ? [] : [Prisma.sql`${list.sequence} >= ${firstSince(from)}`]),
    ...(to === null ? [] : [Prisma.sql`${list.sequence} < ${firstSince(to)}`]),
  ];
}

/** The sequence of the account's first row at a time or after it; above all that there are if there is none. */
function firstOf({ table, sequence, time }: TimedList, accountId: Prisma.Sql, atMs: number) {
  return Prisma.sql`coalesce((
    SELECT first.${sequence} FROM ${table} first
    WHERE first.account_id = ${accountId} AND first.${time} >= ${new Date(atMs)}
    ORDER BY first.${time}, first.${sequence} LIMIT 1
  ), ${ABOVE_ALL}::bigint)`;
}
