import { type Connection, connectionOf } from '#shared/graphql/connection.ts';
import { type PageArguments, parseListPage } from '#shared/graphql/list-page.ts';
import type { PageAsk, TimedPosition } from '../domain/ports/order-reads.ts';

/** A time, and an id as we make them: a store might refuse any other text in a cursor. */
const POSITION = /^(\d{1,15})\.([\w.-]{1,64})$/;

/**
 * A page of a list that is sorted by time, newest first.
 * @param list the list's name with its owner, which its cursors are bound to
 * @throws DomainError BAD_USER_INPUT if `first` is out of range or `after` is not a cursor of this list
 */
export async function timedPage<Row>(
  list: string,
  args: PageArguments,
  read: (page: PageAsk<TimedPosition>) => Promise<readonly Row[]>,
  placeOf: (row: Row) => TimedPosition,
): Promise<Connection<Row>> {
  const { page, before, limit, positionOf } = parseListPage(args, list, parsePosition);
  const rows = await read({ limit, after: before });
  return connectionOf(rows, page, (row) => {
    const { at, id } = placeOf(row);
    return positionOf(`${at}.${id}`);
  });
}

function parsePosition(text: string): TimedPosition | null {
  const [, at, id] = POSITION.exec(text) ?? [];
  return at === undefined || id === undefined ? null : { at: Number(at), id };
}
