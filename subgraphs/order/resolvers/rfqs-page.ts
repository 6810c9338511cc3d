import { parseInstrumentSymbol } from '#shared/domain/ids.ts';
import type { Connection } from '#shared/graphql/connection.ts';
import type { PageArguments } from '#shared/graphql/list-page.ts';
import { type PeriodArguments, parsePeriod } from '#shared/graphql/parse-period.ts';
import type { RfqFilterInput } from '../__generated__/graphql.ts';
import type { OrderContext } from '../context.ts';
import type { Rfq } from '../domain/rfq/rfq.ts';
import { sequencePage } from './sequence-page.ts';
import { unlessUnknownSymbol } from './unless-unknown-symbol.ts';

/** A page of an account's requests for quote: `Query.rfqs` and `Account.rfqs`. */
export function rfqsPage(
  accountId: string,
  {
    filter,
    ...args
  }: PageArguments & PeriodArguments & { readonly filter?: RfqFilterInput | null | undefined },
  { rfqUseCases, instruments }: OrderContext,
): Promise<Connection<Rfq>> {
  const period = parsePeriod(args);
  const { symbol: text = null, statuses = null } = filter ?? {};
  const symbol = text === null ? null : parseInstrumentSymbol(text);
  // Nothing has a symbol that cannot exist.
  const isNone = text !== null && symbol === null;
  const listing = { symbol, statuses, period };
  return sequencePage(
    `rfqs/${accountId}`,
    args,
    async (page) => {
      const found = isNone ? [] : await rfqUseCases.rfqs(accountId, listing, page);
      return unlessUnknownSymbol(found, text, instruments);
    },
    ({ number }) => number,
  );
}
