import type { MutationResolvers, SignInRefusalReason } from '../../__generated__/graphql.ts';
import { signedInOf } from '../signed-in.ts';

const MESSAGES: Readonly<Record<SignInRefusalReason, string>> = {
  CREDENTIALS_INVALID: 'The e-mail address or the password is wrong.',
  TOO_MANY_ATTEMPTS: 'There were too many tries; wait a few minutes.',
};

export const signIn: NonNullable<MutationResolvers['signIn']> = async (
  _parent,
  { input },
  context,
) => {
  const outcome = await context.useCases.signIn.run(input, context.origin);
  if (outcome.kind === 'refused') {
    const { reason } = outcome;
    return { __typename: 'SignInRefused', reason, message: MESSAGES[reason] };
  }
  return signedInOf(outcome.signedIn);
};
