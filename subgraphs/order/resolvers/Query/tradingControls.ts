import type { QueryResolvers } from '../../__generated__/graphql.ts';
import { tradingControlsAnswer } from '../trading-controls-answer.ts';
import { orUnavailable } from '../unavailable.ts';

export const tradingControls: NonNullable<QueryResolvers['tradingControls']> = async (
  _parent,
  { accountId },
  { useCases },
) => {
  const found = await orUnavailable(useCases.tradingControls(accountId));
  return found === null ? null : tradingControlsAnswer(found);
};
