import { parseInstrumentSymbol } from '#shared/domain/ids.ts';
import type { QueryResolvers } from '../../__generated__/graphql.ts';
import { pageOf } from '../pages.ts';

export const rfqs: NonNullable<QueryResolvers['rfqs']> = (
  _parent,
  { accountId, filter, ...args },
  { rfqUseCases },
) =>
  pageOf(
    args,
    async (page) => {
      const { symbol: text = null, statuses = null } = filter ?? {};
      const symbol = text === null ? null : parseInstrumentSymbol(text);
      // What can be no symbol has no requests.
      if (text !== null && symbol === null) return [];
      return rfqUseCases.rfqs(accountId, { symbol, statuses }, page);
    },
    ({ number }) => BigInt(number),
  );
