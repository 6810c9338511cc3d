import type { MutationResolvers } from '../../__generated__/graphql.ts';
import { parsePlaceOrder } from '../parse-place-order.ts';
import { placeOrderAnswer } from '../place-order-answer.ts';
import { orUnavailable } from '../unavailable.ts';

export const placeOrder: NonNullable<MutationResolvers['placeOrder']> = async (
  _parent,
  { input },
  context,
) =>
  placeOrderAnswer(
    await orUnavailable(context.useCases.placeOrder(parsePlaceOrder(input, context))),
    context,
  );
