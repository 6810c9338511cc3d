import { assertNever } from '#shared/domain/invariant.ts';
import type { MutationResolvers } from '../../__generated__/graphql.ts';
import { accountNotFound } from '../answers.ts';
import { cancelOrderAnswer } from '../cancel-order-answer.ts';
import { parseCancelOrders } from '../parse-cancel-order.ts';
import { orUnavailable } from '../unavailable.ts';

export const cancelOrders: NonNullable<MutationResolvers['cancelOrders']> = async (
  _parent,
  { input },
  { useCases },
) => {
  const command = parseCancelOrders(input);
  const { outcome, ...times } = await orUnavailable(useCases.cancelOrders(command));
  switch (outcome.kind) {
    case 'answered': {
      const results = outcome.outcomes.map((one) => cancelOrderAnswer({ outcome: one, ...times }));
      return { __typename: 'CancelsAnswered', results };
    }
    case 'accountNotFound':
      return accountNotFound(outcome);
    default:
      return assertNever(outcome, 'Mutation.cancelOrders');
  }
};
