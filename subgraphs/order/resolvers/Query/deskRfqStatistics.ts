import { parseInstrumentSymbol } from '#shared/domain/ids.ts';
import type { QueryResolvers } from '../../__generated__/graphql.ts';
import { deskRfqStatisticsAnswer } from '../desk-rfq-statistics-answer.ts';
import { parseBuckets } from '../parse-buckets.ts';

export const deskRfqStatistics: NonNullable<QueryResolvers['deskRfqStatistics']> = async (
  _parent,
  { symbol: text, ...args },
  context,
) => {
  const { rfqUseCases } = context;
  const symbol = parseInstrumentSymbol(text);
  if (symbol === null) return null;
  const read = await rfqUseCases.deskRfqStatistics({
    symbol,
    ...parseBuckets(args, rfqUseCases.now()),
  });
  return read === 'notTheDesk'
    ? { __typename: 'NotTheDesk', message: 'Only the desk can read its statistics.' }
    : deskRfqStatisticsAnswer(read, context);
};
