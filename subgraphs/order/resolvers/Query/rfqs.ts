import { parseInstrumentSymbol } from '#shared/domain/ids.ts';
import { parsePeriod } from '#shared/graphql/parse-period.ts';
import type { QueryResolvers } from '../../__generated__/graphql.ts';
import { pageOf } from '../list-page.ts';
import { unlessUnknownSymbol } from '../unless-unknown-symbol.ts';

export const rfqs: NonNullable<QueryResolvers['rfqs']> = (
  _parent,
  { accountId, filter, ...args },
  { rfqUseCases, instruments },
) => {
  const period = parsePeriod(args);
  const { symbol: text = null, statuses = null } = filter ?? {};
  const symbol = text === null ? null : parseInstrumentSymbol(text);
  // Nothing has a symbol that cannot exist.
  const isNone = text !== null && symbol === null;
  const listing = { symbol, statuses, period };
  return pageOf(
    `rfqs/${accountId}`,
    args,
    async (page) => {
      const found = isNone ? [] : await rfqUseCases.rfqs(accountId, listing, page);
      return unlessUnknownSymbol(found, text, instruments);
    },
    ({ number }) => number,
  );
};
