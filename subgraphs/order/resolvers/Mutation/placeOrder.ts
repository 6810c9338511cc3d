import { toTimestamp } from '#shared/domain/clock.ts';
import { assertNever } from '#shared/domain/invariant.ts';
import type { MutationResolvers } from '../../__generated__/graphql.ts';
import { accountNotFound, outcomeUnknown } from '../answers.ts';
import { parsePlaceOrder } from '../parse-place-order.ts';
import { orUnavailable } from '../unavailable.ts';

export const placeOrder: NonNullable<MutationResolvers['placeOrder']> = async (
  _parent,
  { input },
  { useCases, loaders },
) => {
  const answer = await orUnavailable(useCases.placeOrder(parsePlaceOrder(input)));
  const { outcome } = answer;
  const times = {
    receivedAt: toTimestamp(answer.receivedAt),
    answeredAt: toTimestamp(answer.answeredAt),
  };
  switch (outcome.kind) {
    case 'accepted': {
      const { order, fills, replayed } = outcome;
      if (fills !== null) loaders.knowFills(order.id, fills);
      return { __typename: 'OrderAccepted', order, replayed, ...times };
    }
    case 'denied': {
      const { order, violations, replayed } = outcome;
      const all = { denial: violations[0], violations: [...violations] };
      return { __typename: 'OrderDenied', deniedOrder: order, ...all, replayed, ...times };
    }
    case 'conflict': {
      const { existing, differingFields } = outcome;
      const message = `This clientOrderId was used for another order: ${differingFields.join(', ')} differ.`;
      const conflict = { existing, differingFields: [...differingFields], message };
      return { __typename: 'ClientOrderIdConflict', ...conflict, ...times };
    }
    case 'unknown':
      return { ...outcomeUnknown(outcome), ...times };
    case 'accountNotFound':
      return accountNotFound(outcome);
    default:
      return assertNever(outcome, 'Mutation.placeOrder');
  }
};
