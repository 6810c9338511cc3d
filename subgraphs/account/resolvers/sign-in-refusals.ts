import type { SignInRefusalReason } from '../__generated__/graphql.ts';

const MESSAGES: Readonly<Record<SignInRefusalReason, string>> = {
  CREDENTIALS_INVALID:
    'The e-mail address or the password is wrong, or the token is not good here.',
  SECOND_FACTOR_NEEDED: 'The code of the second factor is needed too.',
  SECOND_FACTOR_INVALID: 'The code is wrong, too old, or was used before.',
  TOO_MANY_ATTEMPTS: 'There were too many tries; wait a few minutes.',
};

/** Nobody was signed in. */
export function signInRefused(reason: SignInRefusalReason) {
  return { __typename: 'SignInRefused', reason, message: MESSAGES[reason] } as const;
}
