import type { SignInRefusalReason } from '../__generated__/graphql.ts';
import { CODE_MESSAGES } from './code-refusals.ts';

const MESSAGES: Readonly<Record<SignInRefusalReason, string>> = {
  CREDENTIALS_INVALID: 'The e-mail address or password is wrong, or the token is not valid here.',
  ...CODE_MESSAGES,
  TOO_MANY_ATTEMPTS:
    'There were too many attempts; wait a few minutes, or after wrong codes show a recovery code or wait longer.',
};

/** Nobody was signed in. */
export function signInRefused(reason: SignInRefusalReason) {
  return { __typename: 'SignInRefused', reason, message: MESSAGES[reason] } as const;
}
