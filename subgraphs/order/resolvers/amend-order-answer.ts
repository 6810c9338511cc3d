import { assertNever } from '#shared/domain/invariant.ts';
import type { ResolversTypes } from '../__generated__/graphql.ts';
import type { Answered } from '../answered.ts';
import type { AmendOrderOutcome } from '../domain/use-cases/amend-order.ts';
import { versionOf } from '../domain/order-amend.ts';
import { accountNotFound, ORDER_NOT_FOUND, outcomeUnknown, timesOf } from './answers.ts';

/** What became of an amend, alone or in a batch, as a member of `AmendOrderResult`. */
export function amendOrderAnswer({
  outcome,
  ...answered
}: Answered<AmendOrderOutcome>): Awaited<ResolversTypes['AmendOrderResult']> {
  const times = timesOf(answered);
  switch (outcome.kind) {
    case 'amended': {
      const { order, amend, replayed } = outcome;
      const { priorityKept } = amend;
      return { __typename: 'OrderAmended', order, priorityKept, replayed, ...times };
    }
    case 'denied': {
      const { order, violations } = outcome;
      const all = { denial: violations[0], violations: [...violations] };
      return { __typename: 'AmendDenied', order, ...all, ...times };
    }
    case 'refused': {
      const { order, denial } = outcome;
      return { __typename: 'AmendDenied', order, denial, violations: [denial], ...times };
    }
    case 'versionConflict': {
      const { order } = outcome;
      const message = `The order does not have the expected version; its version is ${versionOf(order)}.`;
      return { __typename: 'AmendConflict', order, differingFields: [], message, ...times };
    }
    case 'amendIdConflict': {
      const { order } = outcome;
      const differingFields = [...outcome.differingFields];
      const message = `This amendId was already used for a different amend of the order. Differing fields: ${differingFields.join(', ')}.`;
      return { __typename: 'AmendConflict', order, differingFields, message, ...times };
    }
    case 'notAmendable': {
      const { order } = outcome;
      const message = `The order cannot be amended now: it is ${order.state.status}.`;
      return { __typename: 'OrderNotAmendable', order, message, ...times };
    }
    case 'orderNotFound':
      return { ...ORDER_NOT_FOUND, ...times };
    case 'unknown':
      return { ...outcomeUnknown(outcome), ...times };
    case 'accountNotFound':
      return accountNotFound(outcome);
    default:
      return assertNever(outcome, 'amendOrderAnswer');
  }
}
