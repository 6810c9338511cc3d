import type { MutationResolvers, SignUpRefusalReason } from '../../__generated__/graphql.ts';
import { signedInOf } from '../signed-in.ts';

const MESSAGES: Readonly<Record<SignUpRefusalReason, string>> = {
  SIGN_UP_CLOSED: 'Open sign-up is disabled.',
  EMAIL_TAKEN: 'There is already a user with this e-mail address.',
  INVALID_INPUT:
    'The e-mail address must be valid and have at most 254 characters, the name 1 to 64 without control characters, the password 12 to 1024.',
  TOO_MANY_ATTEMPTS: 'There were too many attempts; wait a few minutes.',
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
