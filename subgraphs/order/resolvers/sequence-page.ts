import { type Connection, connectionOf } from '#shared/graphql/connection.ts';
import { type PageArguments, parseSequencePage } from '#shared/graphql/list-page.ts';
import type { PageAsk } from '../domain/ports/order-reads.ts';

/**
 * A page of a list that is sorted by a sequence, newest first.
 * @param list the list's name with its account, which its cursors are bound to
 * @throws DomainError BAD_USER_INPUT if `first` is out of range or `after` is not a cursor of this list
 */
export async function sequencePage<Row>(
  list: string,
  args: PageArguments,
  read: (page: PageAsk) => Promise<readonly Row[]>,
  sequenceOf: (row: Row) => bigint | number,
): Promise<Connection<Row>> {
  const { page, before, limit, positionOf } = parseSequencePage(args, list);
  const rows = await read({ limit, after: before });
  return connectionOf(rows, page, (row) => positionOf(`${sequenceOf(row)}`));
}
