import type { Branded } from '#shared/domain/branded.ts';

/** What a client chooses for a request whose answer can get lost, so that it can send the request again. */
export type RetryKey = Branded<string, 'RetryKey'>;

/** Long enough that nobody guesses a random one. */
const FORM = /^[A-Za-z0-9_.:-]{16,64}$/;

/** What a malformed one breaks. */
export const RETRY_KEY_RULE = 'A retryKey must have 16 to 64 characters of A-Z a-z 0-9 _ . : -';

/** Null if it is malformed. */
export function parseRetryKey(text: string): RetryKey | null {
  return FORM.test(text) ? (text as RetryKey) : null;
}
