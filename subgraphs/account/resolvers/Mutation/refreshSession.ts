import type { MutationResolvers, RefreshRefusalReason } from '../../__generated__/graphql.ts';
import { RETRY_KEY_RULE } from '../../identity/sessions/retry-key.ts';
import { signedInOf } from '../signed-in.ts';

const MESSAGES: Readonly<Record<RefreshRefusalReason, string>> = {
  RETRY_KEY_INVALID: RETRY_KEY_RULE,
  RETRY_KEY_USED:
    'The previous refresh had the same retryKey; send the token with a new random one.',
  REFRESH_TOKEN_INVALID: 'This is not a refresh token issued by this desk.',
  REFRESH_TOKEN_REUSED: 'This refresh token was already used, so its session is now ended.',
  SESSION_ENDED: 'This session has ended.',
};

export const refreshSession: NonNullable<MutationResolvers['refreshSession']> = async (
  _parent,
  { input: { refreshToken, retryKey = null } },
  context,
) => {
  const { sessions } = context.useCases;
  const outcome = await sessions.refresh(refreshToken, context.origin, retryKey);
  if (outcome.kind === 'refreshed') return signedInOf(outcome.signedIn);
  const { reason } = outcome;
  return { __typename: 'RefreshRefused', reason, message: MESSAGES[reason] };
};
