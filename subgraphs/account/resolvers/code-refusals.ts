import type { CodeRefusal } from '../identity/sign-in/sign-in-code.ts';

/** What is said to someone who has to show a code of the second factor, wherever one is asked for. */
export const CODE_MESSAGES: Readonly<Record<CodeRefusal, string>> = {
  SECOND_FACTOR_NEEDED: 'A second-factor code is required too.',
  SECOND_FACTOR_INVALID: 'The code is wrong, too old, or already used.',
  TOO_MANY_ATTEMPTS: 'There were too many wrong codes; wait for a while, or show a recovery code.',
};
