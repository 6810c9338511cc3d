import type { MutationResolvers } from '../../__generated__/graphql.ts';
import { amendOrderAnswer } from '../amend-order-answer.ts';
import { parseAmendOrder } from '../parse-amend-order.ts';
import { orUnavailable } from '../unavailable.ts';

export const amendOrder: NonNullable<MutationResolvers['amendOrder']> = async (
  _parent,
  { input },
  { useCases },
) => amendOrderAnswer(await orUnavailable(useCases.amendOrder(parseAmendOrder(input))));
