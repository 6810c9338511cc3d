import { type Connection, MAX_PAGE_SIZE } from '#shared/graphql/connection.ts';
import { DomainError, DomainErrorCode } from '#shared/graphql/domain-error.ts';
import type { PageArguments } from '#shared/graphql/list-page.ts';
import { type PeriodArguments, parsePeriod } from '#shared/graphql/parse-period.ts';
import type { OrderFilterInput } from '../__generated__/graphql.ts';
import type { OrderContext } from '../context.ts';
import type { RecordedOrder } from '../domain/order-event.ts';
import { sequencePage } from './sequence-page.ts';
import { unlessUnknownSymbol } from './unless-unknown-symbol.ts';

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
  if (named > MAX_PAGE_SIZE)
    throw new DomainError(
      DomainErrorCode.BAD_USER_INPUT,
      `Field "clientOrderIds" can name at most ${MAX_PAGE_SIZE} orders; it named ${named}.`,
    );
  const listing = { ...filter, period: parsePeriod(args) };
  return sequencePage(
    `orders/${accountId}`,
    args,
    async (page) => {
      const found = await useCases.orders(accountId, listing, page);
      return unlessUnknownSymbol(found, filter?.symbol, instruments);
    },
    ({ createdSequence }) => createdSequence,
  );
}
