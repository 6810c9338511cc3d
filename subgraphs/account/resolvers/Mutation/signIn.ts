import type { MutationResolvers, SignInRefusalReason } from '../../__generated__/graphql.ts';
import { signedInOf } from '../signed-in.ts';

const MESSAGES: Readonly<Record<SignInRefusalReason, string>> = {
  CREDENTIALS_INVALID: 'The e-mail address or the password is wrong.',
  SECOND_FACTOR_NEEDED: 'The code of the second factor is needed too.',
  SECOND_FACTOR_INVALID: 'The code is wrong, too old, or was used before.',
  TOO_MANY_ATTEMPTS: 'There were too many tries; wait a few minutes.',
};

export const signIn: NonNullable<MutationResolvers['signIn']> = async (
  _parent,
  { input },
  context,
) => {
  const outcome = await context.useCases.signIn.run(
    { ...input, code: input.code ?? null },
    context.origin,
  );
  if (outcome.kind === 'refused') {
    const { reason } = outcome;
    return { __typename: 'SignInRefused', reason, message: MESSAGES[reason] };
  }
  return signedInOf(outcome.signedIn);
};
