import { parseUserId } from '#shared/domain/ids.ts';
import type { User } from '../../subgraphs/account/identity/identity-store.ts';
import type { AccountStores } from '../../subgraphs/account/store/open-account-stores.ts';

/**
 * The user with an id that a person has typed.
 * @throws Error with one clear sentence if there is no such user
 */
export async function userOf({ identity }: AccountStores, idText: string): Promise<User> {
  const userId = parseUserId(idText);
  const user = userId === null ? null : await identity.userById(userId);
  if (user === null) throw new Error(`There is no user ${JSON.stringify(idText)}.`);
  return user;
}
