import { invariant } from '#shared/domain/invariant.ts';
import type { PasswordHasher } from '../../subgraphs/account/identity/credentials.ts';
import { isSoundPassword } from '../../subgraphs/account/identity/passwords/password-rules.ts';
import { ScryptPasswordHasher } from '../../subgraphs/account/identity/passwords/scrypt-password-hasher.ts';
import { withStores } from './with-stores.ts';
import { userOf } from './user-of.ts';

/** The user and the new password, as text. */
interface PasswordRequest {
  /** The id that `viewer { id }` returns. */
  readonly userId: string;
  readonly password: string;
}

/**
 * Sets a person's password and ends all their sessions, for someone who forgot the password or never had one.
 * Their API keys and second factor stay as they are.
 * @param passwords hashes the password; scrypt at full cost if omitted, as in every program
 * @returns a sentence with the result
 * @throws Error with one clear sentence if there is no such person, or the password is too short or too long
 */
export function setPassword(
  databaseUrl: string,
  request: PasswordRequest,
  passwords: PasswordHasher = new ScryptPasswordHasher(),
): Promise<string> {
  return withStores(databaseUrl, async (stores, atMs) => {
    const user = await userOf(stores, request.userId);
    if (!isSoundPassword(request.password))
      throw new Error('A password must have 12 to 1024 characters.');
    const hash = await passwords.hash(request.password);
    invariant(hash !== null, 'one password finds no place to be hashed');
    const ended = await stores.passwords.reset(hash, {
      userId: user.id,
      action: 'PASSWORD_RESET',
      subjectId: user.id,
      apiKeyId: null,
      sessionId: null,
      origin: null,
      atMs,
    });
    return `${user.name} (${user.id}) has a new password; active sessions that were ended: ${ended}.`;
  }).finally(() => passwords.close());
}
