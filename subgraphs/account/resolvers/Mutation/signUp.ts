import type { MutationResolvers, SignUpRefusalReason } from '../../__generated__/graphql.ts';
import { signedInOf } from '../signed-in.ts';

const MESSAGES: Readonly<Record<SignUpRefusalReason, string>> = {
  SIGN_UP_CLOSED: 'This desk takes nobody in by itself.',
  EMAIL_TAKEN: 'There is a person of this e-mail address already.',
  INVALID_INPUT:
    'The e-mail address must be one; the name must have 1 to 64 characters, the password 12 to 1024.',
  TOO_MANY_ATTEMPTS: 'There were too many tries; wait a few minutes.',
};

export const signUp: NonNullable<MutationResolvers['signUp']> = async (
  _parent,
  { input },
  context,
) => {
  const outcome = await context.useCases.signUp.run(input, context.origin);
  if (outcome.kind === 'signedIn') return signedInOf(outcome.signedIn);
  const { reason } = outcome;
  return { __typename: 'SignUpRefused', reason, message: MESSAGES[reason] };
};
