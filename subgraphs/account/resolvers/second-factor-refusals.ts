import type { SecondFactorRefusalReason } from '../__generated__/graphql.ts';

const MESSAGES: Readonly<Record<SecondFactorRefusalReason, string>> = {
  ALREADY_ON: 'The second factor is already on; turn it off first.',
  NOT_ON: 'The second factor is not on.',
  NOT_STARTED: 'There is no secret to confirm; call startSecondFactor first.',
  PASSWORD_NEEDED: 'The current password is required too.',
  PASSWORD_INVALID: 'The current password is wrong.',
  ID_TOKEN_NEEDED: "A new ID token of the desk's issuer is required too.",
  ID_TOKEN_INVALID: 'The ID token is not yours, not valid here, or already used.',
  CODE_INVALID: 'The code is wrong, too old, or already used.',
  TOO_MANY_ATTEMPTS:
    'There were too many attempts; wait for a while, or after wrong codes show a recovery code.',
};

/** A second factor that stays unchanged. */
export function secondFactorRefused({ reason }: { readonly reason: SecondFactorRefusalReason }) {
  return { __typename: 'SecondFactorRefused', reason, message: MESSAGES[reason] } as const;
}
