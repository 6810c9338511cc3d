import { toTimestamp } from '#shared/domain/clock.ts';
import { assertNever } from '#shared/domain/invariant.ts';
import type { MutationResolvers } from '../../__generated__/graphql.ts';
import { CANCEL_AFTER_RANGE_MS } from '../../domain/use-cases/set-trading-state.ts';
import { accountNotFound } from '../answers.ts';
import { orUnavailable } from '../unavailable.ts';

export const cancelAllAfter: NonNullable<MutationResolvers['cancelAllAfter']> = async (
  _parent,
  { input },
  { useCases },
) => {
  const { outcome } = await orUnavailable(useCases.cancelAllAfter(input));
  switch (outcome.kind) {
    case 'set': {
      const { firesAt, now } = outcome;
      return {
        __typename: 'CancelTimerSet',
        armed: firesAt !== null,
        firesAt: firesAt === null ? null : toTimestamp(firesAt),
        serverTime: toTimestamp(now),
      };
    }
    case 'timeoutInvalid': {
      const { min, max } = CANCEL_AFTER_RANGE_MS;
      return {
        __typename: 'CancelTimerInvalid',
        timeoutMs: outcome.timeoutMs,
        minTimeoutMs: min,
        maxTimeoutMs: max,
        nearestValidMs: outcome.nearestValid,
        message: `The timeout must be 0 or from ${min} to ${max} ms; it was ${outcome.timeoutMs}.`,
      };
    }
    case 'accountNotFound':
      return accountNotFound(outcome);
    default:
      return assertNever(outcome, 'Mutation.cancelAllAfter');
  }
};
