import { assertNever } from '#shared/domain/invariant.ts';
import type { MutationResolvers } from '../../__generated__/graphql.ts';
import { accountNotFound, timesOf } from '../answers.ts';
import { parseSetTradingState } from '../parse-set-trading-state.ts';
import { orUnavailable } from '../unavailable.ts';

export const setTradingState: NonNullable<MutationResolvers['setTradingState']> = async (
  _parent,
  { input },
  { useCases, viewer },
) => {
  const command = parseSetTradingState(input, viewer);
  const { outcome, ...answered } = await orUnavailable(useCases.setTradingState(command));
  switch (outcome.kind) {
    case 'set':
      return {
        __typename: 'TradingStateSet',
        control: outcome.control,
        canceledOrders: outcome.canceled.length,
        ...timesOf(answered),
      };
    case 'reasonInvalid': {
      const { max } = outcome;
      const message = `A reason must have 1 to ${max} characters, without control characters.`;
      return { __typename: 'TradingReasonInvalid', maxLength: max, message };
    }
    case 'denied':
      return { __typename: 'TradingStateDenied', denial: outcome.denial };
    case 'notTheDesk':
      return { __typename: 'NotTheDesk', message: 'Only the desk can set this switch.' };
    case 'accountNotFound':
      return accountNotFound(outcome);
    default:
      return assertNever(outcome, 'Mutation.setTradingState');
  }
};
