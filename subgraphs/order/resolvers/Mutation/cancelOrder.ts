import { toTimestamp } from '#shared/domain/clock.ts';
import { assertNever } from '#shared/domain/invariant.ts';
import type { MutationResolvers } from '../../__generated__/graphql.ts';
import { accountNotFound, outcomeUnknown } from '../answers.ts';
import { parseCancelOrder } from '../parse-cancel-order.ts';
import { orUnavailable } from '../unavailable.ts';

export const cancelOrder: NonNullable<MutationResolvers['cancelOrder']> = async (
  _parent,
  { input },
  { useCases },
) => {
  const answer = await orUnavailable(useCases.cancelOrder(parseCancelOrder(input)));
  const { outcome } = answer;
  const times = {
    receivedAt: toTimestamp(answer.receivedAt),
    answeredAt: toTimestamp(answer.answeredAt),
  };
  switch (outcome.kind) {
    case 'canceled': {
      const { order, replayed } = outcome;
      return { __typename: 'OrderCanceled', order, replayed, ...times };
    }
    case 'notCancelable': {
      const { order } = outcome;
      const message = `The order has ended already: it is ${order.state.status}.`;
      return { __typename: 'OrderNotCancelable', order, message, ...times };
    }
    case 'orderNotFound':
      return {
        __typename: 'OrderNotFound',
        message: 'The account has no such order.',
        ...times,
      };
    case 'unknown':
      return { ...outcomeUnknown(outcome), ...times };
    case 'accountNotFound':
      return accountNotFound(outcome);
    default:
      return assertNever(outcome, 'Mutation.cancelOrder');
  }
};
