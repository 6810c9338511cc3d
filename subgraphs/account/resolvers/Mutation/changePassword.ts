import type {
  ChangePasswordRefusalReason,
  MutationResolvers,
} from '../../__generated__/graphql.ts';
import { signedInCallerOf } from '../signed-in-caller.ts';
import { signedInOf } from '../signed-in.ts';
import { CODE_MESSAGES } from '../code-refusals.ts';

const MESSAGES: Readonly<Record<ChangePasswordRefusalReason, string>> = {
  NEW_PASSWORD_INVALID: 'The new password must have 12 to 1024 characters.',
  NO_PASSWORD: 'You have no password to change; those who run the desk can set one.',
  PASSWORD_INVALID: 'The current password is wrong.',
  ...CODE_MESSAGES,
  TOO_MANY_ATTEMPTS:
    'There were too many attempts; wait a few minutes, or after wrong codes show a recovery code or wait longer.',
};

export const changePassword: NonNullable<MutationResolvers['changePassword']> = async (
  _parent,
  { input },
  context,
) => {
  const outcome = await context.useCases.changePassword.run(signedInCallerOf(context), {
    ...input,
    code: input.code ?? null,
  });
  if (outcome.kind === 'refused') {
    const { reason } = outcome;
    return { __typename: 'ChangePasswordRefused', reason, message: MESSAGES[reason] };
  }
  const { signedIn, endedSessions } = outcome;
  return { __typename: 'PasswordChanged', signedIn: signedInOf(signedIn), endedSessions };
};
