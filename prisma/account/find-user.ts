import { withStores } from './with-stores.ts';

/**
 * Finds a user by the e-mail address that they sign in with: whoever cannot sign in any more does not know their id.
 * @returns lines with the user's id, whether the address is known to be theirs, and each account with their role
 * @throws Error with one clear sentence if there is no such user
 */
export function findUser(databaseUrl: string, email: string): Promise<string> {
  return withStores(databaseUrl, async ({ identity }) => {
    const user = await identity.userByEmail(email.trim().toLowerCase());
    if (user === null)
      throw new Error(`There is no user with the e-mail address ${JSON.stringify(email)}.`);
    const grants = await identity.grantsOf(user.id);
    return [
      `${user.name} (${user.id})`,
      user.isEmailVerified
        ? 'The desk or its issuer vouches for the e-mail address.'
        : 'Nobody vouches for the e-mail address: anyone can have signed up with it.',
      ...grants.map(({ accountId, role }) => `${role} of ${accountId}`),
    ].join('\n');
  });
}
