import type { MutationResolvers, RefreshRefusalReason } from '../../__generated__/graphql.ts';
import { signedInOf } from '../signed-in.ts';

const MESSAGES: Readonly<Record<RefreshRefusalReason, string>> = {
  REFRESH_TOKEN_INVALID: 'This is no refresh token of ours.',
  REFRESH_TOKEN_REUSED: 'This refresh token was used before, so its sign-in is ended now.',
  SESSION_ENDED: 'This sign-in has ended.',
};

export const refreshSession: NonNullable<MutationResolvers['refreshSession']> = async (
  _parent,
  { input },
  context,
) => {
  const outcome = await context.useCases.sessions.refresh(input.refreshToken, context.origin);
  if (outcome.kind === 'refreshed') return signedInOf(outcome.signedIn);
  const { reason } = outcome;
  return { __typename: 'RefreshRefused', reason, message: MESSAGES[reason] };
};
