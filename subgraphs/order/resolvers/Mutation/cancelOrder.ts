import type { MutationResolvers } from '../../__generated__/graphql.ts';
import { cancelOrderAnswer } from '../cancel-order-answer.ts';
import { parseCancelOrder } from '../parse-cancel-order.ts';
import { orUnavailable } from '../unavailable.ts';

export const cancelOrder: NonNullable<MutationResolvers['cancelOrder']> = async (
  _parent,
  { input },
  { useCases },
) => cancelOrderAnswer(await orUnavailable(useCases.cancelOrder(parseCancelOrder(input))));
