import { assertNever } from '#shared/domain/invariant.ts';
import type { MutationResolvers } from '../../__generated__/graphql.ts';
import type { OrderContext } from '../../context.ts';
import type { AcceptQuoteOutcome } from '../../domain/rfq/accept-once.ts';
import { accountNotFound, outcomeUnknown, timesOf } from '../answers.ts';
import { parseAcceptQuote } from '../parse-rfq.ts';
import { lastLookOf, RFQ_NOT_FOUND } from '../rfq-answers.ts';
import { orUnavailable } from '../unavailable.ts';

export const acceptQuote: NonNullable<MutationResolvers['acceptQuote']> = async (
  _parent,
  { input },
  context,
) => {
  const command = parseAcceptQuote(input);
  const { outcome, ...answered } = await orUnavailable(context.rfqUseCases.acceptQuote(command));
  const times = timesOf(answered);
  switch (outcome.kind) {
    case 'filled':
      return filled(outcome, times, context);
    case 'rejected': {
      const { rfq, order, reason, replayed } = outcome;
      const about = { rfq, order, reason, rejectedLook: lastLookOf(rfq), replayed };
      return { __typename: 'QuoteRejected', ...about, ...times };
    }
    case 'refused': {
      const { rfq, refusal } = outcome;
      return { __typename: 'QuoteRefused', refusal, refusedRfq: rfq, ...times };
    }
    case 'conflict': {
      const message =
        'This clientOrderId was already used for a different order. Differing fields: rfqId.';
      const differingFields = ['rfqId'];
      const conflict = { existing: outcome.existing, differingFields, message };
      return { __typename: 'ClientOrderIdConflict', ...conflict, ...times };
    }
    case 'unknown':
      return { ...outcomeUnknown(outcome), ...times };
    case 'rfqNotFound':
      return { ...RFQ_NOT_FOUND, ...times };
    case 'accountNotFound':
      return accountNotFound(outcome);
    default:
      return assertNever(outcome, 'Mutation.acceptQuote');
  }
};

function filled(
  outcome: Extract<AcceptQuoteOutcome, { kind: 'filled' }>,
  times: ReturnType<typeof timesOf>,
  { loaders }: OrderContext,
) {
  const { rfq, order, fills, settlement, replayed } = outcome;
  if (fills !== null) loaders.knowFills(order.id, fills);
  const unmeasured = { midPrice: null, moveBps: 0n, takenBps: 0n, symbol: rfq.symbol };
  const lastLook = lastLookOf(rfq) ?? unmeasured;
  const __typename = 'QuoteFilled' as const;
  return { __typename, rfq, order, settlement, lastLook, replayed, ...times };
}
