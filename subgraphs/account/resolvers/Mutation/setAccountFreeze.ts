import { MAX_REASON_LENGTH } from '#shared/domain/display-text.ts';
import type { FreezeRefusalReason, MutationResolvers } from '../../__generated__/graphql.ts';
import { callerOf } from '../caller-of.ts';
import { CODE_MESSAGES } from '../code-refusals.ts';

const MESSAGES: Readonly<Record<FreezeRefusalReason, string>> = {
  NOT_THE_DESK: 'Only the desk can freeze accounts.',
  REASON_INVALID: `A reason must have 1 to ${MAX_REASON_LENGTH} characters, without control characters.`,
  ACCOUNT_NOT_FOUND: 'There is no such account.',
  NOT_A_CLIENT_ACCOUNT: "The desk's own accounts cannot be frozen.",
  ACCOUNT_CLOSED: 'This account is closed: nothing moves on it any more.',
  ...CODE_MESSAGES,
};

export const setAccountFreeze: NonNullable<MutationResolvers['setAccountFreeze']> = async (
  _parent,
  { input: { code = null, ...input } },
  context,
) => {
  const outcome = await context.useCases.freezes.set(callerOf(context), { ...input, code });
  if (outcome.kind === 'set') {
    const { id, tradingState, freeze } = outcome.account;
    return { __typename: 'AccountFreezeSet', accountId: id, tradingState, freeze };
  }
  const { reason } = outcome;
  return { __typename: 'AccountFreezeRefused', reason, message: MESSAGES[reason] };
};
