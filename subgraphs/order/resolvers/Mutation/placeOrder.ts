import type { MutationResolvers } from '../../__generated__/graphql.ts';
import { parsePlaceOrder } from '../parse-place-order.ts';
import { placeOrderAnswer } from '../place-order-answer.ts';
import { orUnavailable } from '../unavailable.ts';

export const placeOrder: NonNullable<MutationResolvers['placeOrder']> = async (
  _parent,
  { input },
  { useCases, loaders, origin },
) =>
  placeOrderAnswer(
    await orUnavailable(useCases.placeOrder(parsePlaceOrder(input, origin))),
    loaders,
  );
