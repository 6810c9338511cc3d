import { assertNever } from '#shared/domain/invariant.ts';
import type { MutationResolvers } from '../../__generated__/graphql.ts';
import { accountNotFound } from '../answers.ts';
import { parsePlaceOrders } from '../parse-place-orders.ts';
import { placeOrderAnswer } from '../place-order-answer.ts';
import { orUnavailable } from '../unavailable.ts';

export const placeOrders: NonNullable<MutationResolvers['placeOrders']> = async (
  _parent,
  { input },
  context,
) => {
  const { outcome, ...times } = await orUnavailable(
    context.useCases.placeOrders(parsePlaceOrders(input, context)),
  );
  switch (outcome.kind) {
    case 'placed': {
      const results = outcome.outcomes.map((one) =>
        placeOrderAnswer({ outcome: one, ...times }, context),
      );
      return { __typename: 'OrdersPlaced', results };
    }
    case 'accountNotFound':
      return accountNotFound(outcome);
    default:
      return assertNever(outcome, 'Mutation.placeOrders');
  }
};
