import { toTimestamp } from '#shared/domain/clock.ts';
import type { MutationResolvers, SignInRefusalReason } from '../../__generated__/graphql.ts';

const MESSAGES: Readonly<Record<SignInRefusalReason, string>> = {
  CREDENTIALS_INVALID: 'The e-mail address or the password is wrong.',
  TOO_MANY_ATTEMPTS: 'There were too many tries; wait a few minutes.',
};

export const signIn: NonNullable<MutationResolvers['signIn']> = async (
  _parent,
  { input },
  context,
) => {
  const outcome = await context.useCases.signIn.run(input);
  if (outcome.kind === 'refused') {
    const { reason } = outcome;
    return { __typename: 'SignInRefused', reason, message: MESSAGES[reason] };
  }
  const { accessToken, expiresAtMs } = outcome;
  return { __typename: 'SignedIn', accessToken, expiresAt: toTimestamp(expiresAtMs) };
};
