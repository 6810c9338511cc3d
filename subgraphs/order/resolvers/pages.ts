import { parseSequence } from '#shared/domain/sequence.ts';
import { type Connection, connectionOf, parsePageRequest } from '#shared/graphql/connection.ts';
import type { RecordedFill, RecordedOrder } from '../domain/order-event.ts';
import type { Rfq } from '../domain/rfq/rfq.ts';
import type { PageAsk } from '../domain/order-reads.ts';

/** A page of orders. */
export type OrderPage = Connection<RecordedOrder>;
/** A page of requests for quote. */
export type RfqPage = Connection<Rfq>;
/** A page of fills. */
export type FillPage = Connection<RecordedFill>;

interface PageArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}

/**
 * A page of an account's list, newest first; positions are sequences of the account.
 * @throws DomainError BAD_USER_INPUT when `first` or `after` is not good
 */
export async function pageOf<Row>(
  args: PageArguments,
  read: (page: PageAsk) => Promise<readonly Row[]>,
  sequenceOf: (row: Row) => bigint,
): Promise<Connection<Row>> {
  const request = parsePageRequest(args, (position) => parseSequence(position) !== null);
  const after = request.after === null ? null : parseSequence(request.after);
  // One row more than asked for tells whether there is a next page.
  const rows = await read({ limit: request.limit + 1, after });
  return connectionOf(rows, request, (row) => sequenceOf(row).toString());
}
