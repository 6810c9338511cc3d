import type { Clock } from '#shared/domain/clock.ts';
import type { AccessTokens, NewIds, PasswordHasher } from './credentials.ts';
import type { FailureLock } from './failure-lock.ts';
import type { IdentityStore } from './identity-store.ts';

/** What became of a sign-in. That the user is unknown and that the password is wrong are one answer. */
export type SignInOutcome =
  | { readonly kind: 'signedIn'; readonly accessToken: string; readonly expiresAtMs: number }
  | { readonly kind: 'refused'; readonly reason: 'CREDENTIALS_INVALID' | 'TOO_MANY_ATTEMPTS' };

/** Longer ones are nobody's, and would only cost time. */
const MAX_LENGTH = 1024;

/** Signs a person in with e-mail address and password. */
export class SignIn {
  readonly #identity: IdentityStore;
  readonly #passwords: PasswordHasher;
  readonly #tokens: AccessTokens;
  readonly #ids: NewIds;
  readonly #failures: FailureLock;
  readonly #clock: Clock;

  constructor(options: {
    readonly identity: IdentityStore;
    readonly passwords: PasswordHasher;
    readonly tokens: AccessTokens;
    readonly ids: NewIds;
    readonly failures: FailureLock;
    readonly clock: Clock;
  }) {
    this.#identity = options.identity;
    this.#passwords = options.passwords;
    this.#tokens = options.tokens;
    this.#ids = options.ids;
    this.#failures = options.failures;
    this.#clock = options.clock;
  }

  async run(input: { readonly email: string; readonly password: string }): Promise<SignInOutcome> {
    const email = input.email.trim().toLowerCase();
    if (email.length > MAX_LENGTH || input.password.length > MAX_LENGTH)
      return { kind: 'refused', reason: 'CREDENTIALS_INVALID' };
    if (!this.#failures.admit(email)) return { kind: 'refused', reason: 'TOO_MANY_ATTEMPTS' };
    const user = await this.#identity.userByEmail(email);
    const verdict = await this.#passwords.verify(input.password, user?.passwordHash ?? null);
    if (verdict === 'busy') {
      this.#failures.takeBack(email);
      return { kind: 'refused', reason: 'TOO_MANY_ATTEMPTS' };
    }
    if (user === null || verdict === 'wrong')
      return { kind: 'refused', reason: 'CREDENTIALS_INVALID' };
    this.#failures.clear(email);
    return this.#begin(user.id);
  }

  async #begin(userId: Parameters<AccessTokens['issue']>[0]['userId']): Promise<SignInOutcome> {
    const now = this.#clock.now();
    const sessionId = this.#ids.sessionId();
    const { token, expiresAtMs } = await this.#tokens.issue({ userId, sessionId }, now);
    const session = { id: sessionId, userId, createdAtMs: now, expiresAtMs, endedAtMs: null };
    await this.#identity.addSession(session);
    return { kind: 'signedIn', accessToken: token, expiresAtMs };
  }
}
