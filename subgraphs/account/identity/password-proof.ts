import { invariant } from '#shared/domain/invariant.ts';
import type { Caller } from './audit-record.ts';
import type { FailedSignIns } from './failed-sign-ins.ts';
import { isNoPassword } from './password-rules.ts';
import type { PasswordStore } from './password-store.ts';
import type { PasswordTries } from './password-tries.ts';

/** Why a user in a session has not proved that they know their password. */
export type PasswordProofRefusal = 'PASSWORD_NEEDED' | 'PASSWORD_INVALID' | 'TOO_MANY_ATTEMPTS';

/**
 * Asks users in a session for their password, if they have one, within the limits of sign-ins: a stolen session
 * guesses no better than a stranger.
 */
export class PasswordProof {
  readonly #store: Pick<PasswordStore, 'ownerOf'>;
  readonly #tries: PasswordTries;
  readonly #failed: Pick<FailedSignIns, 'note'>;

  constructor(options: {
    readonly store: Pick<PasswordStore, 'ownerOf'>;
    readonly tries: PasswordTries;
    readonly failed: Pick<FailedSignIns, 'note'>;
  }) {
    this.#store = options.store;
    this.#tries = options.tries;
    this.#failed = options.failed;
  }

  /** Null if the password is right, or there is none. A wrong one is recorded. */
  async refusalOf(
    { viewer, origin }: Caller,
    password: string | null,
  ): Promise<PasswordProofRefusal | null> {
    const { userId, credential } = viewer;
    const owner = await this.#store.ownerOf(userId);
    invariant(owner !== null, `the caller ${userId} is not known`);
    if (owner.passwordHash === null) return null;
    if (password === null) return 'PASSWORD_NEEDED';
    if (isNoPassword(password)) return 'PASSWORD_INVALID';
    const attempt = this.#tries.admit(origin);
    if (attempt === null) return 'TOO_MANY_ATTEMPTS';
    const verdict = await attempt.verify(password, { email: owner.email, user: owner });
    if (verdict === 'turnedAway') return 'TOO_MANY_ATTEMPTS';
    if (verdict === 'right') {
      attempt.succeed();
      return null;
    }
    const sessionId = credential.kind === 'session' ? credential.sessionId : null;
    this.#failed.note({ userId, sessionId, origin }, 'SECOND_FACTOR_FAILED');
    return 'PASSWORD_INVALID';
  }
}
