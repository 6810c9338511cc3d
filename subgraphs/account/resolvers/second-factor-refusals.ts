import type { SecondFactorRefusalReason } from '../__generated__/graphql.ts';

const MESSAGES: Readonly<Record<SecondFactorRefusalReason, string>> = {
  ALREADY_ON: 'The second factor is on already; turn it off first.',
  NOT_ON: 'There is no second factor that is on.',
  NOT_STARTED: 'Ask for a secret first, by startSecondFactor.',
  CODE_INVALID: 'The code is wrong, too old, or was used before.',
  TOO_MANY_ATTEMPTS: 'There were too many tries; wait a few minutes.',
};

/** A second factor that stays as it is. */
export function secondFactorRefused({ reason }: { readonly reason: SecondFactorRefusalReason }) {
  return { __typename: 'SecondFactorRefused', reason, message: MESSAGES[reason] } as const;
}
