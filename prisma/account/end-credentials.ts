import { userOf } from './user-of.ts';
import { withStores } from './with-stores.ts';

/**
 * Ends all of a user's sessions and API keys, and withdraws the invitations that they made, for someone whose credentials
 * were stolen and who cannot sign in. Their password and second factor stay as they are.
 * @param userIdText the id that `viewer { id }` returns
 * @returns a sentence with the result
 * @throws Error with one clear sentence if there is no such user
 */
export function endCredentials(databaseUrl: string, userIdText: string): Promise<string> {
  return withStores(databaseUrl, async (stores, atMs) => {
    const user = await userOf(stores, userIdText);
    const { sessions, apiKeys } = await stores.sessions.endCredentials({
      userId: user.id,
      action: 'ALL_SESSIONS_ENDED',
      subjectId: null,
      apiKeyId: null,
      sessionId: null,
      origin: null,
      atMs,
    });
    return `${user.name} (${user.id}) has no sessions and API keys any more; sessions that were ended: ${sessions}, API keys: ${apiKeys}.`;
  });
}
