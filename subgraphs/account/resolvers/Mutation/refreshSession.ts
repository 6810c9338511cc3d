import type { MutationResolvers, RefreshRefusalReason } from '../../__generated__/graphql.ts';
import { signedInOf } from '../signed-in.ts';

const MESSAGES: Readonly<Record<RefreshRefusalReason, string>> = {
  REFRESH_TOKEN_INVALID: 'This is not a refresh token issued by this desk.',
  REFRESH_TOKEN_REUSED: 'This refresh token was already used, so its session is now ended.',
  SESSION_ENDED: 'This session has ended.',
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
