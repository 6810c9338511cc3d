import { systemClock } from '#shared/domain/clock.ts';
import { parseUserId } from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import type { PasswordHasher } from '../../subgraphs/account/identity/credentials.ts';
import { isSoundPassword } from '../../subgraphs/account/identity/password-rules.ts';
import { ScryptPasswordHasher } from '../../subgraphs/account/identity/scrypt-password-hasher.ts';
import { withStores } from './seed.ts';

/** Whose password is set, and to what, as text. */
interface PasswordRequest {
  /** As `viewer { id }` answers it to the person. */
  readonly userId: string;
  readonly password: string;
}

/**
 * Sets a person's password, whatever it was, and ends all their sessions: for someone who forgot it, or never had one.
 * Their API keys and second factor stay as they are.
 * @param passwords how it is hashed; by scrypt at its full cost if omitted, as every program leaves it
 * @returns a sentence that says what was done
 * @throws Error in one clear sentence when there is no such person, or the password is too short or too long
 */
export function setPassword(
  databaseUrl: string,
  request: PasswordRequest,
  passwords: PasswordHasher = new ScryptPasswordHasher(),
): Promise<string> {
  return withStores(databaseUrl, async (stores) => {
    const userId = parseUserId(request.userId);
    const user = userId === null ? null : await stores.identity.userById(userId);
    if (user === null) throw new Error(`There is no user ${JSON.stringify(request.userId)}.`);
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
      atMs: systemClock.now(),
    });
    return `${user.name} (${user.id}) has a new password; active sessions that were ended: ${ended}.`;
  }).finally(() => passwords.close());
}
