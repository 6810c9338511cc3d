import { parseInstrumentSymbol } from '#shared/domain/ids.ts';
import { parsePeriod } from '#shared/graphql/parse-period.ts';
import type { QueryResolvers } from '../../__generated__/graphql.ts';
import { pageOf } from '../pages.ts';
import { unlessUnknownSymbol } from '../unless-unknown-symbol.ts';

export const rfqs: NonNullable<QueryResolvers['rfqs']> = (
  _parent,
  { accountId, filter, ...args },
  { rfqUseCases, instruments },
) => {
  const period = parsePeriod(args);
  const { symbol: text = null, statuses = null } = filter ?? {};
  const symbol = text === null ? null : parseInstrumentSymbol(text);
  // What can be no symbol has no requests.
  const isNone = text !== null && symbol === null;
  const listing = { symbol, statuses, period };
  return pageOf(
    args,
    async (page) => {
      const found = isNone ? [] : await rfqUseCases.rfqs(accountId, listing, page);
      return unlessUnknownSymbol(found, text, instruments);
    },
    ({ number }) => BigInt(number),
  );
};
