import { assertNever } from '#shared/domain/invariant.ts';
import type { ResolversTypes } from '../__generated__/graphql.ts';
import type { CancelOrderOutcome } from '../domain/use-cases/cancel-order.ts';
import { isClosed } from '../domain/order.ts';
import type { Answered } from '../answered.ts';
import { accountNotFound, ORDER_NOT_FOUND, outcomeUnknown, timesOf } from './answers.ts';

/** What became of a cancel, alone or in a batch, as a member of `CancelOrderResult`. */
export function cancelOrderAnswer({
  outcome,
  ...answered
}: Answered<CancelOrderOutcome>): Awaited<ResolversTypes['CancelOrderResult']> {
  const times = timesOf(answered);
  switch (outcome.kind) {
    case 'canceled': {
      const { order, replayed } = outcome;
      return { __typename: 'OrderCanceled', order, replayed, ...times };
    }
    case 'notCancelable': {
      const { order } = outcome;
      const { status } = order.state;
      const message = isClosed(order)
        ? `The order has already ended: it is ${status}.`
        : `The order cannot be canceled now: it is ${status}.`;
      return { __typename: 'OrderNotCancelable', order, message, ...times };
    }
    case 'orderNotFound':
      return { ...ORDER_NOT_FOUND, ...times };
    case 'unknown':
      return { ...outcomeUnknown(outcome), ...times };
    case 'accountNotFound':
      return accountNotFound(outcome);
    default:
      return assertNever(outcome, 'cancelOrderAnswer');
  }
}
