import { toTimestamp } from '#shared/domain/clock.ts';
import { assertNever } from '#shared/domain/invariant.ts';
import type { ResolversTypes } from '../__generated__/graphql.ts';
import type { PlaceOrderOutcome } from '../domain/place-order.ts';
import type { OrderLoaders } from '../loaders.ts';
import type { Answered } from '../answered.ts';
import { accountNotFound, outcomeUnknown } from './answers.ts';

type PlaceOrderAnswer = Awaited<ResolversTypes['PlaceOrderResult']>;

/** What became of an order that was placed, alone or in a batch, as a member of `PlaceOrderResult`. */
export function placeOrderAnswer(
  { outcome, ...answered }: Answered<PlaceOrderOutcome>,
  loaders: OrderLoaders,
): PlaceOrderAnswer {
  const times = {
    receivedAt: toTimestamp(answered.receivedAt),
    answeredAt: toTimestamp(answered.answeredAt),
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
    case 'rejected': {
      const { order, reason, replayed } = outcome;
      const message = `The book rejected the order: ${reason}.`;
      return {
        __typename: 'OrderRejected',
        rejectedOrder: order,
        reason,
        message,
        replayed,
        ...times,
      };
    }
    case 'conflict': {
      const { existing, differingFields } = outcome;
      const message = `This clientOrderId was already used for a different order. Differing fields: ${differingFields.join(', ')}.`;
      const conflict = { existing, differingFields: [...differingFields], message };
      return { __typename: 'ClientOrderIdConflict', ...conflict, ...times };
    }
    case 'unknown':
      return { ...outcomeUnknown(outcome), ...times };
    case 'accountNotFound':
      return accountNotFound(outcome);
    default:
      return assertNever(outcome, 'placeOrderAnswer');
  }
}
