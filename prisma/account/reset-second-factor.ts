import { withStores } from './with-stores.ts';
import { userOf } from './user-of.ts';

/**
 * Removes a user's second factor with its recovery codes and ends all their sessions, for someone who lost both the
 * device and the codes. Their password and API keys stay as they are.
 * @param userIdText the id that `viewer { id }` returns
 * @returns a sentence with the result
 * @throws Error with one clear sentence if there is no such user, or no second factor
 */
export function resetSecondFactor(databaseUrl: string, userIdText: string): Promise<string> {
  return withStores(databaseUrl, async (stores, atMs) => {
    const user = await userOf(stores, userIdText);
    const ended = await stores.secondFactors.reset({
      userId: user.id,
      action: 'SECOND_FACTOR_RESET',
      subjectId: user.id,
      apiKeyId: null,
      sessionId: null,
      origin: null,
      atMs,
    });
    const name = `${user.name} (${user.id})`;
    if (ended === null) throw new Error(`${name} has no second factor.`);
    return `${name} has no second factor any more; active sessions that were ended: ${ended}.`;
  });
}
