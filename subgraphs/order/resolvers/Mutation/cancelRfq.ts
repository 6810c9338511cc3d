import { assertNever } from '#shared/domain/invariant.ts';
import type { MutationResolvers } from '../../__generated__/graphql.ts';
import { accountNotFound, timesOf } from '../answers.ts';
import { RFQ_NOT_FOUND } from '../rfq-answers.ts';
import { orUnavailable } from '../unavailable.ts';

export const cancelRfq: NonNullable<MutationResolvers['cancelRfq']> = async (
  _parent,
  { input },
  { rfqUseCases },
) => {
  const { outcome, ...answered } = await orUnavailable(rfqUseCases.cancelRfq(input));
  const times = timesOf(answered);
  switch (outcome.kind) {
    case 'canceled': {
      const { rfq, replayed } = outcome;
      return { __typename: 'RfqCanceled', rfq, replayed, ...times };
    }
    case 'notCancelable': {
      const { rfq } = outcome;
      const message = `The request cannot be canceled: it is ${rfq.state.status}.`;
      return { __typename: 'RfqNotCancelable', rfq, message, ...times };
    }
    case 'rfqNotFound':
      return { ...RFQ_NOT_FOUND, ...times };
    case 'accountNotFound':
      return accountNotFound(outcome);
    default:
      return assertNever(outcome, 'Mutation.cancelRfq');
  }
};
