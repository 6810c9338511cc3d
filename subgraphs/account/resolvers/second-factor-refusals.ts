import type { SecondFactorRefusalReason } from '../__generated__/graphql.ts';

const MESSAGES: Readonly<Record<SecondFactorRefusalReason, string>> = {
  ALREADY_ON: 'The second factor is already on; turn it off first.',
  NOT_ON: 'The second factor is not on.',
  NOT_STARTED: 'There is no secret to confirm; call startSecondFactor first.',
  CODE_INVALID: 'The code is wrong, too old, or already used.',
  TOO_MANY_ATTEMPTS: 'There were too many attempts; wait a few minutes.',
};

/** A second factor that stays unchanged. */
export function secondFactorRefused({ reason }: { readonly reason: SecondFactorRefusalReason }) {
  return { __typename: 'SecondFactorRefused', reason, message: MESSAGES[reason] } as const;
}
