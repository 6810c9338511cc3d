import { type Connection, connectionOf } from '#shared/graphql/connection.ts';
import { DomainError, DomainErrorCode } from '#shared/graphql/domain-error.ts';
import { type PageArguments, parseSequencePage } from '#shared/graphql/list-page.ts';
import { type PeriodArguments, parsePeriod } from '#shared/graphql/parse-period.ts';
import type { OrderFilterInput } from '../__generated__/graphql.ts';
import type { OrderContext } from '../context.ts';
import type { RecordedOrder } from '../domain/order-event.ts';
import type { PageAsk } from '../domain/order-reads.ts';
import { unlessUnknownSymbol } from './unless-unknown-symbol.ts';

/**
 * A page of an account's list, newest first; positions are sequences of the account.
 * @param list the list's name with its account, which its cursors are bound to
 * @throws DomainError BAD_USER_INPUT if `first` is out of range or `after` is not a cursor of this list
 */
export async function pageOf<Row>(
  list: string,
  args: PageArguments,
  read: (page: PageAsk) => Promise<readonly Row[]>,
  sequenceOf: (row: Row) => bigint | number,
): Promise<Connection<Row>> {
  const { page, before, limit, positionOf } = parseSequencePage(args, list);
  const rows = await read({ limit, after: before });
  return connectionOf(rows, page, (row) => positionOf(`${sequenceOf(row)}`));
}

/** As many as the largest page holds. */
const MAX_NAMED = 250;

/**
 * A page of an account's orders: `Query.orders` and `Account.orders`.
 * @throws DomainError BAD_USER_INPUT also if the filter names too many orders
 */
export function ordersPage(
  accountId: string,
  {
    filter,
    ...args
  }: PageArguments & PeriodArguments & { readonly filter?: OrderFilterInput | null | undefined },
  { useCases, instruments }: OrderContext,
): Promise<Connection<RecordedOrder>> {
  const named = filter?.clientOrderIds?.length ?? 0;
  if (named > MAX_NAMED)
    throw new DomainError(
      DomainErrorCode.BAD_USER_INPUT,
      `Field "clientOrderIds" can name at most ${MAX_NAMED} orders; it named ${named}.`,
    );
  const listing = { ...filter, period: parsePeriod(args) };
  return pageOf(
    `orders/${accountId}`,
    args,
    async (page) => {
      const found = await useCases.orders(accountId, listing, page);
      return unlessUnknownSymbol(found, filter?.symbol, instruments);
    },
    ({ createdSequence }) => createdSequence,
  );
}
