import { assertNever } from '#shared/domain/invariant.ts';
import type { RequestQuoteOutcome } from '../domain/rfq/request-quote.ts';
import { accountNotFound, type timesOf } from './answers.ts';

/** The answer where no quote was asked for, or that is not known; the same for all that ask for one. */
export function quoteRefusalAnswer(
  outcome: Exclude<RequestQuoteOutcome, { readonly kind: 'requested' }>,
  times: ReturnType<typeof timesOf>,
) {
  switch (outcome.kind) {
    case 'denied':
      return { __typename: 'QuoteRequestDenied', refusal: outcome.refusal, ...times } as const;
    case 'conflict': {
      const { existing, differingFields } = outcome;
      const message = `This clientRfqId was already used for a different request. Differing fields: ${differingFields.join(', ')}.`;
      const conflict = { existingRfq: existing, differingFields: [...differingFields], message };
      return { __typename: 'ClientRfqIdConflict', ...conflict, ...times } as const;
    }
    case 'unknown': {
      const { accountId, clientRfqId } = outcome;
      const message =
        'A component did not respond in time. Repeat the request unchanged, which never takes effect twice, or query rfqByClientRfqId.';
      return {
        __typename: 'RfqOutcomeUnknown',
        accountId,
        clientRfqId,
        message,
        ...times,
      } as const;
    }
    case 'accountNotFound':
      return accountNotFound(outcome);
    default:
      return assertNever(outcome, 'quoteRefusalAnswer');
  }
}
