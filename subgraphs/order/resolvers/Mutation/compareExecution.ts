import type { MutationResolvers } from '../../__generated__/graphql.ts';
import { comparisonAnswer } from '../comparison-answer.ts';
import { parseCompareExecution } from '../parse-rfq.ts';
import { quoteRefusalAnswer } from '../quote-refusal-answers.ts';
import { timesOf } from '../answers.ts';
import { orUnavailable } from '../unavailable.ts';

export const compareExecution: NonNullable<MutationResolvers['compareExecution']> = async (
  _parent,
  { input },
  { rfqUseCases },
) => {
  const command = parseCompareExecution(input);
  const { outcome, ...answered } = await orUnavailable(rfqUseCases.compareExecution(command));
  const times = timesOf(answered);
  return outcome.kind === 'compared'
    ? { ...comparisonAnswer(outcome), ...times }
    : quoteRefusalAnswer(outcome, times);
};
