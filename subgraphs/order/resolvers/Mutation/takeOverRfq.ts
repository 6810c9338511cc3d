import type { MutationResolvers } from '../../__generated__/graphql.ts';
import { handQuoteAnswer } from '../hand-quote-answer.ts';
import { traderIdOf } from '../parse-rfq.ts';
import { orUnavailable } from '../unavailable.ts';

export const takeOverRfq: NonNullable<MutationResolvers['takeOverRfq']> = async (
  _parent,
  { input },
  { rfqUseCases, viewer },
) => {
  const command = { ...input, isTaken: input.isTaken ?? true, traderId: traderIdOf(viewer) };
  return handQuoteAnswer(await orUnavailable(rfqUseCases.takeOverRfq(command)));
};
