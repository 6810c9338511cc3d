import { assertNever } from '#shared/domain/invariant.ts';
import type { ResolversTypes } from '../__generated__/graphql.ts';
import type { HandleRfqOutcome } from '../domain/rfq/handle-rfq.ts';
import type { Answered } from '../answered.ts';
import { timesOf } from './answers.ts';
import { RFQ_NOT_FOUND } from './rfq-answers.ts';

/** What became of a request that a trader of the desk handles. */
export function handQuoteAnswer({
  outcome,
  ...answered
}: Answered<HandleRfqOutcome>): Awaited<ResolversTypes['HandQuoteResult']> {
  const times = timesOf(answered);
  switch (outcome.kind) {
    case 'done':
      return { __typename: 'RfqHandled', rfq: outcome.rfq, ...times };
    case 'notOpen': {
      const { rfq } = outcome;
      const message = `The request is ${rfq === null ? 'closed' : rfq.state.status}.`;
      return { __typename: 'RfqNotHandled', reason: 'NOT_OPEN', message, ...times };
    }
    case 'notYours': {
      const message = 'The request is quoted automatically, or by another trader.';
      return { __typename: 'RfqNotHandled', reason: 'NOT_YOURS', message, ...times };
    }
    case 'ownAccount': {
      const message =
        'You made the request, or have a role on its account: another trader must quote it.';
      return { __typename: 'RfqNotHandled', reason: 'OWN_ACCOUNT', message, ...times };
    }
    case 'refused': {
      const { refusal, rfq } = outcome;
      return { __typename: 'QuoteRefused', refusal, refusedRfq: rfq, ...times };
    }
    case 'rfqNotFound':
      return { ...RFQ_NOT_FOUND, ...times };
    case 'notTheDesk':
      return { __typename: 'NotTheDesk', message: 'Only traders of the desk can quote manually.' };
    default:
      return assertNever(outcome, 'handQuoteAnswer');
  }
}
