import type { MutationResolvers } from '../../__generated__/graphql.ts';
import { parseRequestQuote } from '../parse-rfq.ts';
import { quoteRefusalAnswer } from '../quote-refusal-answers.ts';
import { timesOf } from '../answers.ts';
import { orUnavailable } from '../unavailable.ts';

export const requestQuote: NonNullable<MutationResolvers['requestQuote']> = async (
  _parent,
  { input },
  { rfqLoaders, rfqUseCases },
) => {
  const command = parseRequestQuote(input);
  const { outcome, ...answered } = await orUnavailable(rfqUseCases.requestQuote(command));
  const times = timesOf(answered);
  if (outcome.kind !== 'requested') return quoteRefusalAnswer(outcome, times);
  const { rfq, quotes, replayed } = outcome;
  if (quotes !== null) rfqLoaders.knowQuotes(rfq.id, quotes);
  return { __typename: 'QuoteRequested', rfq, replayed, ...times };
};
