import type { MutationResolvers } from '../../__generated__/graphql.ts';
import { handQuoteAnswer } from '../hand-quote-answer.ts';
import { parseHandQuote, traderIdOf } from '../parse-rfq.ts';
import { orUnavailable } from '../unavailable.ts';

export const quoteRfq: NonNullable<MutationResolvers['quoteRfq']> = async (
  _parent,
  { input },
  { rfqUseCases, viewer },
) => {
  const command = { ...parseHandQuote(input), traderId: traderIdOf(viewer) };
  return handQuoteAnswer(await orUnavailable(rfqUseCases.quoteRfqByHand(command)));
};
