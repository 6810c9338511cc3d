import { isRetryable } from './database-failure.ts';

const MAX_TRIES = 5;
const BACKOFF_MIN_MS = 10;
const BACKOFF_MAX_MS = 200;

/**
 * Runs a transaction, and again while it fails because of another one: at most five times, with
 * full jitter between, because tries without a pause are used up before the other one ends.
 * @throws the last failure, or at once one that a repetition cannot help
 */
export async function retryTransaction<Result>(
  transaction: () => Promise<Result>,
  mayRepeat: (error: unknown) => boolean = isRetryable,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await transaction();
    } catch (error) {
      if (attempt === MAX_TRIES || !mayRepeat(error)) throw error;
      const limit = Math.min(BACKOFF_MAX_MS, BACKOFF_MIN_MS * 2 ** attempt);
      const pauseMs = BACKOFF_MIN_MS + Math.random() * (limit - BACKOFF_MIN_MS);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}
