import { assertNever } from '#shared/domain/invariant.ts';
import type { MutationResolvers } from '../../__generated__/graphql.ts';
import { accountNotFound } from '../answers.ts';
import { parseRequestQuote } from '../parse-rfq.ts';
import { timesOf } from '../rfq-answers.ts';
import { orUnavailable } from '../unavailable.ts';

export const requestQuote: NonNullable<MutationResolvers['requestQuote']> = async (
  _parent,
  { input },
  { rfqUseCases },
) => {
  const command = parseRequestQuote(input);
  const { outcome, ...answered } = await orUnavailable(rfqUseCases.requestQuote(command));
  const times = timesOf(answered);
  switch (outcome.kind) {
    case 'requested': {
      const { rfq, replayed } = outcome;
      return { __typename: 'QuoteRequested', rfq, replayed, ...times };
    }
    case 'denied':
      return { __typename: 'QuoteRequestDenied', refusal: outcome.refusal, ...times };
    case 'conflict': {
      const { existing, differingFields } = outcome;
      const message = `This clientRfqId was used for another request: ${differingFields.join(', ')} differ.`;
      const conflict = { existingRfq: existing, differingFields: [...differingFields], message };
      return { __typename: 'ClientRfqIdConflict', ...conflict, ...times };
    }
    case 'unknown': {
      const { accountId, clientRfqId } = outcome;
      const message =
        'A part of the system did not answer in time; ask rfqByClientRfqId, or repeat the request.';
      return { __typename: 'RfqOutcomeUnknown', accountId, clientRfqId, message, ...times };
    }
    case 'accountNotFound':
      return accountNotFound(outcome);
    default:
      return assertNever(outcome, 'Mutation.requestQuote');
  }
};
