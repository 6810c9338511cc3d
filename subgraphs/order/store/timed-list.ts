import type { Period } from '#shared/domain/period.ts';
import { HIGHEST_SEQUENCE } from '#shared/domain/sequence.ts';
import { Prisma } from '../__generated__/prisma/client.ts';

/**
 * A list sorted by sequence in which no row is older than the previous one: no owner of the books records anything with
 * an earlier time than the last record, whatever its clock shows.
 */
export interface TimedList {
  readonly table: Prisma.Sql;
  readonly sequence: Prisma.Sql;
  readonly time: Prisma.Sql;
}

/**
 * The conditions that select a period, by its first and last sequence. With them a page costs no more than a page of
 * the newest rows, however old the period.
 * @param accountId the account of the list
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

/** The sequence of the account's first row at or after a time; if there is none, a number above all sequences. */
function firstOf({ table, sequence, time }: TimedList, accountId: Prisma.Sql, atMs: number) {
  return Prisma.sql`coalesce((
    SELECT first.${sequence} FROM ${table} first
    WHERE first.account_id = ${accountId} AND first.${time} >= ${new Date(atMs)}
    ORDER BY first.${time}, first.${sequence} LIMIT 1
  ), ${HIGHEST_SEQUENCE}::bigint)`;
}
